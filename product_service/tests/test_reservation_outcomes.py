"""What one desired quantity leads to: the table of outcomes."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.models import Reservation
from inventory.protocol import Outcome, Settled
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, reprice, settle_one, stock_of, want, withdraw

pytestmark = pytest.mark.django_db


def test_enough_stock_is_held_with_the_name_and_price_of_the_moment() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    wish = want(lamp, 2)

    settled = settle_one(wish)

    assert settled == Settled(
        id=wish.id,
        outcome=Outcome.HELD,
        quantity=2,
        revision=1,
        unit_price=Decimal("39.90"),
        product_name="Desk lamp",
    )
    assert stock_of(lamp) == 3


def test_the_last_unit_may_be_held() -> None:
    lamp = add_product(stock=2)

    settled = settle_one(want(lamp, 2))

    assert settled.outcome == Outcome.HELD
    assert stock_of(lamp) == 0


def test_more_than_the_stock_is_refused_and_takes_nothing() -> None:
    lamp = add_product(stock=2)

    settled = settle_one(want(lamp, 3))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.INSUFFICIENT_STOCK, 0, 1)
    assert (settled.unit_price, settled.product_name) == (None, None)
    assert stock_of(lamp) == 2


def test_an_unknown_product_is_refused() -> None:
    settled = settle_one(want(UNKNOWN_PRODUCT, 1))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.PRODUCT_NOT_FOUND, 0, 1)


def test_a_withdrawn_product_is_refused_as_if_it_were_unknown() -> None:
    lamp = add_product(stock=5, is_active=False)

    settled = settle_one(want(lamp, 1))

    assert (settled.outcome, settled.quantity) == (Outcome.PRODUCT_NOT_FOUND, 0)
    assert stock_of(lamp) == 5


def test_a_larger_quantity_takes_the_difference() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)

    settled = settle_one(replace(wish, quantity=5, revision=2))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.HELD, 5, 2)
    assert stock_of(lamp) == 0


def test_a_larger_quantity_that_is_not_there_is_refused_and_keeps_what_is_held() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)

    settled = settle_one(replace(wish, quantity=6, revision=2))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.INSUFFICIENT_STOCK, 2, 2)
    assert stock_of(lamp) == 3


def test_a_larger_quantity_of_a_withdrawn_product_is_refused_and_keeps_what_is_held() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 2)
    settle_one(wish)
    withdraw(lamp)

    settled = settle_one(replace(wish, quantity=3, revision=2))

    assert (settled.outcome, settled.quantity) == (Outcome.PRODUCT_NOT_FOUND, 2)
    assert stock_of(lamp) == 3


def test_a_smaller_quantity_gives_the_difference_back() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 4)
    settle_one(wish)

    settled = settle_one(replace(wish, quantity=1, revision=2))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.HELD, 1, 2)
    assert stock_of(lamp) == 4


def test_quantity_zero_releases_everything() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 4)
    settle_one(wish)

    settled = settle_one(replace(wish, quantity=0, revision=2))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.RELEASED, 0, 2)
    assert stock_of(lamp) == 5


def test_a_withdrawn_product_takes_its_units_back() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 4)
    settle_one(wish)
    withdraw(lamp)

    settled = settle_one(replace(wish, quantity=0, revision=2))

    assert settled.outcome == Outcome.RELEASED
    assert stock_of(lamp) == 5


def test_the_same_quantity_at_a_newer_revision_is_held_and_moves_nothing() -> None:
    lamp = add_product(stock=5)
    wish = want(lamp, 4)
    settle_one(wish)

    settled = settle_one(replace(wish, revision=2))

    assert (settled.outcome, settled.quantity, settled.revision) == (Outcome.HELD, 4, 2)
    assert stock_of(lamp) == 1


def test_the_snapshot_is_that_of_the_first_success() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    wish = want(lamp, 1)
    settle_one(wish)
    reprice(lamp, name="Desk lamp, new", price="49.90")

    larger = settle_one(replace(wish, quantity=2, revision=2))

    assert (larger.unit_price, larger.product_name) == (Decimal("39.90"), "Desk lamp")


def test_a_refusal_takes_no_snapshot_and_the_success_after_it_does() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=1)
    wish = want(lamp, 2)
    settle_one(wish)
    reprice(lamp, name="Desk lamp, new", price="49.90")

    settled = settle_one(replace(wish, quantity=1, revision=2))

    assert (settled.unit_price, settled.product_name) == (Decimal("49.90"), "Desk lamp, new")


def test_the_row_says_what_the_answer_said() -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    wish = want(lamp, 2)

    settle_one(wish)

    row = Reservation.objects.one(wish.id)
    assert (row.product_id, row.quantity, row.asked_quantity, row.revision) == (lamp.pk, 2, 2, 1)
    assert (row.outcome, row.unit_price, row.product_name) == (Outcome.HELD, Decimal("39.90"), "Desk lamp")


def test_a_stock_move_is_a_change_of_the_product() -> None:
    lamp = add_product(stock=5)

    settle_one(want(lamp, 2))

    lamp_now = type(lamp).objects.one(lamp.pk)
    assert lamp_now.updated_at > lamp.updated_at


def test_what_came_is_in_stock_or_held_after_each_of_these() -> None:
    lamp = add_product(stock=5)
    reservation_id = uuid4()

    for revision, quantity in enumerate([2, 5, 6, 1, 0, 3], start=1):
        settle_one(want(lamp, quantity, revision=revision, under=reservation_id))

        assert is_conserved(lamp)
