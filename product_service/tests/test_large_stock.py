"""Stock beyond 2^31 - 1, where released units lead to: it is shown, summed and reduced, and nothing fails."""

import pytest
from rest_framework.test import APIClient

from inventory.models import LARGEST_STOCK
from inventory.services import adjust_stock
from products.models import Product
from service_kit.testing.problems import assert_problem
from tests.world import (
    BALANCES,
    PRODUCTS,
    add_product,
    address,
    is_conserved,
    ledger,
    settle,
    settle_one,
    stock_of,
    want,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pile() -> Product:
    """A product with twice the largest stock on the shelf."""
    product = add_product(name="Screw", stock=LARGEST_STOCK)
    held = want(product, LARGEST_STOCK)
    settle_one(held)
    adjust_stock(product_id=product.pk, delta=LARGEST_STOCK, reason="delivery", subject="the clerk")
    settle_one(want(product, 0, revision=2, under=held.id))
    assert stock_of(product) == 2 * LARGEST_STOCK
    return product


def test_setting_the_stock_moves_no_more_than_one_adjustment_may(clerk: APIClient, pile: Product) -> None:
    refused = clerk.patch(address(pile), {"stock_quantity": 5})
    accepted = clerk.patch(address(pile), {"stock_quantity": LARGEST_STOCK})

    assert_problem(refused, status=400, slug="invalid-request")
    assert (accepted.status_code, stock_of(pile)) == (200, LARGEST_STOCK)
    assert is_conserved(pile)


def test_units_can_be_taken_of_it(clerk: APIClient, pile: Product) -> None:
    assert clerk.post(ledger(pile), {"delta": -6, "reason": "lost"}).status_code == 201
    assert stock_of(pile) == 2 * LARGEST_STOCK - 6


def test_it_is_shown_and_summed(clerk: APIClient, order_service: APIClient, pile: Product) -> None:
    shown = clerk.get(address(pile)).json()
    listed = clerk.get(f"{PRODUCTS}?name=screw&in_stock=true").json()["results"]
    [balance] = order_service.get(BALANCES).json()["results"]

    assert [shown["stock_quantity"], listed[0]["stock_quantity"]] == [2 * LARGEST_STOCK] * 2
    assert (balance["adjusted"], balance["stock_quantity"]) == (2 * LARGEST_STOCK, 2 * LARGEST_STOCK)


def test_one_batch_takes_and_releases_more_than_one_reservation_may_hold(pile: Product) -> None:
    held = [want(pile, LARGEST_STOCK), want(pile, LARGEST_STOCK)]
    settle(*held)
    taken = stock_of(pile)

    settle(*(want(pile, 0, revision=2, under=one.id) for one in held))

    assert (taken, stock_of(pile)) == (0, 2 * LARGEST_STOCK)
    assert is_conserved(pile)
