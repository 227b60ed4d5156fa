"""More units of an order are not sold at a price that the product no longer has."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from inventory.models import Reservation
from inventory.protocol import Desired, Outcome, Settled
from products.models import Product
from tests.waiting import settle_during_an_edit
from tests.world import RESERVATIONS, add_product, is_conserved, reprice, settle, settle_one, stock_of, want, withdraw

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = Decimal("0.01"), Decimal("499.00")


def hold_one_and_reprice(*, stock: int = 400) -> tuple[Product, Desired]:
    """Hold a unit at a mistyped price, and correct the price."""
    lamp = add_product(price=str(OLD), stock=stock)
    held = want(lamp, 1)
    settle_one(held)
    reprice(lamp, name=lamp.name, price=str(NEW))
    return lamp, held


def refused(settled: Settled) -> tuple[Outcome, int, int, Decimal | None, Decimal | None]:
    return settled.outcome, settled.quantity, settled.revision, settled.unit_price, settled.current_price


@pytest.mark.parametrize("today", [NEW, Decimal("0.00")])
def test_more_units_are_refused_and_the_answer_has_the_price_of_today(today: Decimal) -> None:
    lamp, held = hold_one_and_reprice()
    reprice(lamp, name=lamp.name, price=str(today))

    settled = settle_one(replace(held, quantity=400, revision=2))

    assert refused(settled) == (Outcome.PRICE_CHANGED, 1, 2, OLD, today)
    assert stock_of(lamp) == 399
    assert is_conserved(lamp)


def test_the_refusal_is_remembered_when_the_old_price_is_back() -> None:
    lamp, held = hold_one_and_reprice()
    more = replace(held, quantity=2, revision=1000)
    settle_one(more)
    reprice(lamp, name=lamp.name, price=str(OLD))

    again = settle_one(more)
    later = settle_one(replace(more, revision=1001))

    assert refused(again) == (Outcome.PRICE_CHANGED, 1, 1000, OLD, OLD)
    assert (later.outcome, later.quantity, later.current_price) == (Outcome.HELD, 2, None)
    assert is_conserved(lamp)


@pytest.mark.parametrize(
    ("quantity", "outcome"),
    [(3, Outcome.HELD), (4, Outcome.HELD), (0, Outcome.RELEASED)],
    ids=["fewer", "same", "none"],
)
def test_units_that_are_held_already_keep_their_price(quantity: int, outcome: Outcome) -> None:
    lamp = add_product(price=str(OLD), stock=10)
    held = want(lamp, 4)
    settle_one(held)
    reprice(lamp, name=lamp.name, price=str(NEW))

    settled = settle_one(replace(held, quantity=quantity, revision=2))

    assert (settled.outcome, settled.quantity, settled.unit_price) == (outcome, quantity, OLD)
    assert is_conserved(lamp)


def test_a_price_that_is_as_before_is_no_change() -> None:
    lamp, held = hold_one_and_reprice()
    reprice(lamp, name="Another name", price="0.010")

    settled = settle_one(replace(held, quantity=2, revision=2))

    assert settled.outcome == Outcome.HELD


def test_of_several_reasons_the_one_that_lasts_is_answered() -> None:
    lamp, held = hold_one_and_reprice(stock=2)
    too_many = settle_one(replace(held, quantity=9, revision=2))
    withdraw(lamp)

    withdrawn = settle_one(replace(held, quantity=9, revision=3))

    assert (too_many.outcome, withdrawn.outcome) == (Outcome.PRICE_CHANGED, Outcome.PRODUCT_NOT_FOUND)


def test_a_refused_item_leaves_the_rest_of_its_batch_alone() -> None:
    lamp, held = hold_one_and_reprice()

    settled = settle(want(lamp, 5), replace(held, quantity=2, revision=2))

    assert [(one.outcome, one.unit_price) for one in settled] == [(Outcome.HELD, NEW), (Outcome.PRICE_CHANGED, OLD)]
    assert stock_of(lamp) == 394


def test_the_answer_over_http_has_the_price_and_the_list_has_the_outcome(order_service: APIClient) -> None:
    lamp, held = hold_one_and_reprice()
    item = {"id": str(held.id), "product_id": lamp.pk, "quantity": 2, "revision": 2}

    response = order_service.post(RESERVATIONS, {"reservations": [item]}, format="json")
    listed = order_service.get(RESERVATIONS)

    [answer] = response.json()["reservations"]
    assert (answer["outcome"], answer["unit_price"], answer["current_price"]) == ("price-changed", "0.01", "499.00")
    assert [row["outcome"] for row in listed.json()["results"]] == ["price-changed"]


@pytest.mark.postgresql("SQLite has one writer at a time")
@pytest.mark.parametrize(
    ("edited", "outcome", "price"),
    [
        pytest.param({"price": NEW}, Outcome.HELD, NEW, id="another price"),
        pytest.param({"is_active": False}, Outcome.PRODUCT_NOT_FOUND, None, id="withdrawn"),
    ],
)
def test_new_units_are_held_as_the_product_is_under_the_lock(
    edited: dict[str, object], outcome: Outcome, price: Decimal | None
) -> None:
    lamp = add_product(price=str(OLD), stock=5)

    settled = settle_during_an_edit(want(lamp, 1), **edited)

    assert (settled.outcome, settled.unit_price) == (outcome, price)
    assert Reservation.objects.one(settled.id).unit_price == price
    assert is_conserved(lamp)


@pytest.mark.postgresql("SQLite has one writer at a time")
def test_more_units_are_decided_by_the_price_under_the_lock() -> None:
    lamp = add_product(price=str(OLD), stock=5)
    held = want(lamp, 1)
    settle_one(held)

    late = settle_during_an_edit(replace(held, quantity=2, revision=2), price=NEW)

    assert late.outcome == Outcome.PRICE_CHANGED
    assert stock_of(lamp) == 4
