"""The feed of order events: every committed transition once, in an order in which no reader can miss one."""

import re
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from orders import metrics
from orders.errors import FeedRestored, PositionGone
from orders.events import FeedState, FirstAhead, OrderEvent
from service_kit.database.clock import NOW

LOOK_EVERY: Final = 0.1  # seconds between two looks for new events, while a reader waits
MOST_WAITING: Final = 8  # readers of a process; others are answered at once, with what there is
MOST_AT_ONCE: Final = 1000  # how many events one statement deletes
_POSITION = re.compile(r"([0-9a-f]{1,16})-([0-9]{1,18})-([0-9]{1,18})", re.ASCII)
_places = threading.BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True)
class Position:
    """Where a reader is: after this event of this feed."""

    generation: int
    transaction: int
    event_id: int

    def __str__(self) -> str:
        return f"{self.generation:x}-{self.transaction}-{self.event_id}"


class Entry(NamedTuple):
    """An event of the feed, with what its order has that never changes."""

    transaction: int
    id: int
    kind: str
    revision: int
    quantity: int
    status: str
    at: datetime
    cause: str
    request_id: str
    order_id: int
    order__owner: str
    order__product_id: int
    order__product_name: str
    order__unit_price: Decimal


def parse_position(text: str) -> Position:
    """Read a position that the feed has given out; raise ValueError if it never gave out such a one."""
    parts = _POSITION.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    return Position(int(parts[1], 16), int(parts[2]), int(parts[3]))


def read(*, after: Position | None, limit: int, wait: float = 0) -> tuple[int, list[Entry]]:
    """
    Read the events after a position, in the order of the feed.

    :param after: None for the beginning of what is kept.
    :param limit: how many at most.
    :param wait: for how many seconds to wait for the first one, if there is none.
    :returns: the generation of the feed, and the events.
    :raises PositionGone: if events after the position were deleted, or it belongs to another feed.
    :raises FeedRestored: if the database was restored and the feed was not renewed.
    """
    deadline = time.monotonic() + wait
    generation, entries = _read(after, limit)
    if entries or not wait or not _places.acquire(blocking=False):
        return generation, entries
    try:
        while not entries and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)
            generation, entries = _read(after, limit)
        return generation, entries
    finally:
        _places.release()


def _read(after: Position | None, limit: int) -> tuple[int, list[Entry]]:
    generation = after.generation if after else current_state().generation
    events = OrderEvent.objects.in_feed()
    if after is not None:
        events = events.after(after.transaction, after.event_id)
    entries = [Entry(*row) for row in events.values_list(*Entry._fields)[:limit]]
    # Read after the events: what was deleted or renewed meanwhile is noticed.
    state = current_state()
    is_deleted = after and (after.transaction, after.event_id) < (state.gone_transaction, state.gone_event)
    if is_deleted or generation != state.generation:
        raise PositionGone
    if not entries:
        _refuse_if_restored()
    return state.generation, entries


def current_state() -> FeedState:
    """Return which feed this is. The first reader begins it."""
    state = FeedState.objects.first()
    if state is None:
        state, _ = FeedState.objects.get_or_create(pk=1, defaults={"generation": _new_generation()})
    return state


def _refuse_if_restored() -> None:
    """Refuse to say that there is nothing new, if events have numbers of transactions that this server has not had."""
    if connection.vendor != "postgresql":
        return
    if OrderEvent.objects.filter(transaction__gte=FirstAhead()).exists():
        raise FeedRestored


@transaction.atomic(durable=True)
def renew() -> FeedState:
    """Begin another feed after a restore, with the events that there are, in order of ids. All readers begin anew."""
    state = current_state()
    FeedState.objects.select_for_update().get(pk=state.pk)
    OrderEvent.objects.exclude(transaction=0).update(transaction=0)
    FeedState.objects.update(generation=_new_generation(), gone_transaction=-1, gone_event=-1)
    return current_state()


def delete_old_events() -> int:
    """Delete some of the events that are kept no longer. Return how many."""
    deleted = delete_events(older_than=timedelta(hours=settings.EVENT_RETENTION_HOURS))
    metrics.EVENTS_DELETED.inc(deleted)
    return deleted


@transaction.atomic(durable=True)
def delete_events(*, older_than: timedelta) -> int:
    """
    Delete the first events of the feed, as far as they are old, at most a thousand. Return how many.

    An event is never deleted before one that comes earlier in the feed, so that one position says what is gone.
    """
    state = current_state()
    FeedState.objects.select_for_update().get(pk=state.pk)  # against renew()
    old = list(
        OrderEvent.objects.in_feed()
        .annotate(is_old=Q(at__lt=NOW - older_than))
        .values_list("transaction", "id", "is_old")[:MOST_AT_ONCE]
    )
    first_kept = next((number for number, (_, _, is_old) in enumerate(old) if not is_old), len(old))
    if not (gone := old[:first_kept]):
        return 0
    last_transaction, last_id, _ = gone[-1]
    FeedState.objects.filter(pk=state.pk).update(gone_transaction=last_transaction, gone_event=last_id)
    OrderEvent.objects.filter(pk__in=[event_id for _, event_id, _ in gone]).delete()
    return len(gone)


def _new_generation() -> int:
    return secrets.randbits(62)
