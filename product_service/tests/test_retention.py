"""Reservations that hold nothing are deleted after the retention, and what is left answers as before."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inventory import retention
from inventory.models import Reservation
from inventory.protocol import Outcome
from inventory.services import delete_old_reservations
from service_kit.testing.counting import Counting
from tests.world import add_product, is_conserved, settle, settle_one, stock_of, want

pytestmark = pytest.mark.django_db

AGE = timedelta(hours=72)


def age_all(age: timedelta = 2 * AGE) -> None:
    Reservation.objects.update(updated_at=timezone.now() - age)


def delete_old(*, limit: int = 100) -> int:
    return delete_old_reservations(age=AGE, limit=limit)


@contextmanager
def before_the_lock(act: Callable[[], Any]) -> Iterator[None]:
    """Act once, between the INSERT of the missing reservations and the SELECT that locks the others."""
    acts = [act]

    def wrapper(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith("SELECT") and "inventory_reservation" in sql and acts:
            acts.pop()()
        return execute(sql, *arguments)

    with connection.execute_wrapper(wrapper):
        yield


def test_refusals_releases_and_tombstones_are_deleted_when_they_are_old() -> None:
    lamp = add_product(stock=5)
    canceled = want(lamp, 2)
    settle(canceled, want(lamp, 9), want(lamp, 0, revision=2))
    settle_one(want(lamp, 0, revision=2, under=canceled.id))
    age_all()

    assert delete_old() == 3

    assert not Reservation.objects.exists()
    assert is_conserved(lamp)


def test_what_holds_units_is_kept_however_old_it_is() -> None:
    lamp = add_product(stock=5)
    held, decreased = want(lamp, 2), want(lamp, 2)
    settle(held, decreased)
    settle_one(want(lamp, 9, revision=2, under=decreased.id))  # refused: two are held still
    age_all()

    assert delete_old() == 0

    assert set(Reservation.objects.values_list("pk", flat=True)) == {held.id, decreased.id}


def test_a_tombstone_is_kept_while_a_late_message_may_come_counted_from_the_last_change() -> None:
    lamp = add_product(stock=5)
    late, order = want(lamp, 2), want(lamp, 2)
    settle_one(order)
    settle_one(want(lamp, 0, revision=2, under=late.id))
    Reservation.objects.filter(pk=late.id).update(updated_at=timezone.now() - AGE + timedelta(minutes=1))
    Reservation.objects.filter(pk=order.id).update(updated_at=timezone.now() - 2 * AGE)
    settle_one(want(lamp, 0, revision=2, under=order.id))

    assert delete_old() == 0
    assert settle_one(late).outcome == Outcome.STALE_REVISION
    assert stock_of(lamp) == 5


def test_no_more_are_deleted_at_once_than_asked_for_and_the_oldest_come_first() -> None:
    ids = [settle_one(want(add_product(), 1)).id for _ in range(3)]
    for days, reservation_id in enumerate(ids, start=4):
        Reservation.objects.filter(pk=reservation_id).update(updated_at=timezone.now() - timedelta(days=days))

    assert delete_old(limit=2) == 2

    assert list(Reservation.objects.values_list("pk", flat=True)) == ids[:1]


@pytest.mark.postgresql("SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
def test_one_that_somebody_else_has_locked_is_left_alone() -> None:
    locked = settle_one(want(add_product(), 0))
    settle_one(want(add_product(), 0))
    age_all()

    def delete_elsewhere() -> int:
        try:
            return delete_old()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Reservation.objects.select_for_update().get(pk=locked.id)
        deleted = threads.submit(delete_elsewhere).result(timeout=20)

    assert deleted == 1
    assert [left.pk for left in Reservation.objects.all()] == [locked.id]


def test_a_restored_order_can_hold_its_units_again_at_a_higher_revision() -> None:
    lamp = add_product(stock=5)
    settle_one(want(lamp, 0, revision=2, under=(order := uuid4())))
    age_all()
    delete_old()

    assert settle_one(want(lamp, 2, revision=3, under=order)).outcome == Outcome.HELD
    assert is_conserved(lamp)


def test_a_message_about_a_reservation_that_is_deleted_meanwhile_is_settled() -> None:
    lamp = add_product(stock=5)
    order: UUID = settle_one(want(lamp, 0, revision=2)).id

    with before_the_lock(lambda: Reservation.objects.all().delete()):
        settled = settle_one(want(lamp, 0, revision=3, under=order))

    assert (settled.outcome, settled.revision) == (Outcome.RELEASED, 3)


@pytest.mark.django_db(transaction=True)
def test_the_thread_deletes_batch_after_batch_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "PAUSE", 0.0)
    for _ in range(5):
        settle_one(want(add_product(), 1))
    age_all(timedelta(hours=721))
    counting = Counting()
    stopping = threading.Event()
    stopping.set()

    while Reservation.objects.exists():
        retention.run(stopping)

    assert counting.of("reservations_deleted_total") == {"": 5}
