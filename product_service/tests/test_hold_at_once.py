"""New reservations are held by one statement, on PostgreSQL: what that costs, and what becomes of its races."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Reservation
from inventory.protocol import Outcome
from inventory.services import adjust_stock, delete_old_reservations
from products.models import Product
from tests.waiting import settle_during_an_edit
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, settle, stock_of, want, withdraw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgresql("SQLite settles step by step")
@pytest.mark.parametrize("size", [1, 32])
def test_a_batch_of_new_reservations_is_one_way_to_the_server_and_one_commit(size: int) -> None:
    lamp, chair = add_product(stock=100), add_product(stock=100)
    holds = [want((lamp, chair)[number % 2], 1) for number in range(size)]

    with CaptureQueriesContext(connection) as captured:
        settle(*holds)

    assert len(captured) == 1
    assert is_conserved(lamp)
    assert is_conserved(chair)


@pytest.mark.postgresql("SQLite settles step by step")
def test_what_cannot_be_held_altogether_is_not_held_in_part() -> None:
    lamp, gone = add_product(stock=5), add_product(stock=5)
    withdraw(gone)
    known = want(lamp, 1)
    settle(known)
    new = want(lamp, 2)

    for hindrance in (want(gone, 1), want(UNKNOWN_PRODUCT, 1), want(lamp, 3), known, want(lamp, 0)):
        assert Reservation.objects.all().hold_new([new, hindrance]) == {}

    assert stock_of(lamp) == 4
    assert Reservation.objects.count() == 1


@pytest.mark.postgresql("SQLite settles step by step")
def test_units_that_somebody_else_takes_meanwhile_are_refused() -> None:
    lamp = add_product(stock=5)

    late = settle_during_an_edit(want(lamp, 4), stock_quantity=2)

    assert late.outcome == Outcome.INSUFFICIENT_STOCK
    assert stock_of(lamp) == 2


@pytest.mark.parametrize(
    "write",
    [
        lambda lamp: settle(want(lamp, 1)),
        lambda lamp: adjust_stock(product_id=lamp.pk, delta=1, reason="found", subject="the clerk"),
        lambda _: delete_old_reservations(age=timedelta(0), limit=1),
    ],
)
def test_nothing_is_written_in_an_open_transaction(write: Callable[[Product], object]) -> None:
    lamp = add_product(stock=5)

    with transaction.atomic(), pytest.raises(RuntimeError):
        write(lamp)

    assert stock_of(lamp) == 5
