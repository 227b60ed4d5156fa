"""The feed is renewed after a restore while others read it or delete from it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from orders import feed
from orders.errors import PositionGone
from orders.events import OrderEvent
from tests.factories import place
from tests.feeds import positions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite has no numbers of transactions")]


@pytest.fixture(autouse=True)
def _two_old_events(lamp: int) -> None:
    place(lamp)
    place(lamp)
    OrderEvent.objects.update(at=timezone.now() - timedelta(days=3))
    positions(2)


@contextmanager
def after_the_events_are_read(step: Callable[[], object]) -> Iterator[None]:
    """Take a step of another process right after the first statement that reads events."""
    taken: list[object] = []

    def execute_and_take(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        result = execute(sql, *arguments)
        if not taken and sql.startswith("SELECT") and 'FROM "orders_orderevent"' in sql:
            taken.append(step())
        return result

    with connection.execute_wrapper(execute_and_take):
        yield


def renew_in_another_process() -> threading.Thread:
    """Renew the feed as far as another process can now. Return what ends when it has."""

    def renew() -> None:
        feed.renew()
        connection.close()

    renewing = threading.Thread(target=renew)
    renewing.start()
    renewing.join(1.0)  # it may have to wait for us
    return renewing


def test_a_first_batch_is_refused() -> None:
    """Its events would name transactions of the feed before, and the positions after them would skip the rest."""
    with after_the_events_are_read(feed.renew), pytest.raises(PositionGone):
        feed.read(after=None, limit=1)

    assert len(positions(2)) == 2


def test_what_is_deleted_meanwhile_is_not_gone_from_the_renewed_feed(lamp: int) -> None:
    renewing: list[threading.Thread] = []

    with after_the_events_are_read(lambda: renewing.append(renew_in_another_process())):
        feed.delete_events(older_than=timedelta(days=2))
    renewing[0].join()
    place(lamp)

    [first, *_] = positions(1)
    assert feed.read(after=feed.Position(first.generation, 0, 0), limit=10)
