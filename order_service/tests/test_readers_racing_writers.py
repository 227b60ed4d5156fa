"""Readers race writers on PostgreSQL: one that goes on after the largest id misses events, the feed's readers none."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import transaction

from orders import feed
from orders.events import OrderEvent, placed_event
from service_kit.testing.threads import at_once
from tests.factories import live_order

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite writes one transaction after another"),
]

LONGEST_TRANSACTION = 0.05
"""Seconds for which a writer keeps its transaction open: ids are committed in another order than they were given."""

CAUGHT_UP_WITHIN = 60.0
"""Seconds. An event appears when all transactions that began earlier are over, also those of tests beside this one."""


class Race:
    """Writers record events of one order for some seconds; readers go on until the writers are done."""

    def __init__(self, seconds: float) -> None:
        self._order = live_order()
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._writing = 0
        self.committed: set[int] = set()

    def writer(self, seed: int) -> Callable[[], list[int]]:
        self._writing += 1
        return partial(self._write, random.Random(seed))

    def reader(self, read: Callable[[], Iterator[list[int]]]) -> Callable[[], list[int]]:
        return partial(self._read, read)

    def _write(self, rng: random.Random) -> list[int]:
        try:
            while time.monotonic() < self._ends:
                with transaction.atomic():
                    event = placed_event(self._order, at=self._order.created_at)
                    event.save()
                    time.sleep(rng.uniform(0, LONGEST_TRANSACTION))
                    if is_undone := rng.random() < 0.1:
                        transaction.set_rollback(True)
                if not is_undone:
                    with self._lock:
                        self.committed.add(event.pk)
        finally:
            with self._lock:
                self._writing -= 1
        return []

    def _read(self, read: Callable[[], Iterator[list[int]]]) -> list[int]:
        seen: list[int] = []
        deadline = self._ends + CAUGHT_UP_WITHIN
        for batch in read():
            seen += batch
            is_over = not batch and not self._writing
            if is_over and (len(seen) >= len(self.committed) or time.monotonic() > deadline):
                return seen
            time.sleep(0.001)
        return seen


def by_position() -> Iterator[list[int]]:
    after: feed.Position | None = None
    while True:
        generation, entries = feed.read(after=after, limit=100)
        if entries:
            after = feed.Position(generation, entries[-1].transaction, entries[-1].id)
        yield [entry.id for entry in entries]


def by_id() -> Iterator[list[int]]:
    """Read as many would: everything with a larger id than the last one. Nothing new for a second is the end."""
    last, idle_since = 0, time.monotonic()
    while time.monotonic() - idle_since < 1:
        batch = list(OrderEvent.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:100])
        if batch:
            last, idle_since = batch[-1], time.monotonic()
        yield batch


@pytest.mark.parametrize(
    ("seconds", "writers", "readers"), [(2, 8, 2), pytest.param(60, 32, 4, marks=pytest.mark.long)]
)
def test_a_reader_by_id_misses_events_and_readers_of_the_feed_none(seconds: float, writers: int, readers: int) -> None:
    race = Race(seconds)

    _, *read = at_once(
        [
            *(race.writer(seed) for seed in range(writers)),
            race.reader(by_id),
            *(race.reader(by_position) for _ in range(readers)),
        ]
    )[writers - 1 :]

    naive, *ours = read
    assert race.committed - set(naive), "nothing was missed by id: the race shows nothing"
    for seen in ours:
        assert len(seen) == len(set(seen))
        assert set(seen) == race.committed
