"""More units of an order are not sold at a price that the product no longer has."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile, requested, sync_state
from tests.factories import order_url, place, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def mistyped(products: FakeProductsApi) -> Order:
    """An order of two units at a mistyped 0.01, which has been corrected to 499.00."""
    lamp = products.add_product(price="0.01")
    order = place(lamp)
    products.products[lamp].price = "499.00"
    return order


def result_of(order: Order, **changes: Any) -> dict[str, Any]:
    """What product_service answers to a larger quantity, at revision 2."""
    snapshot = {"id": str(order.reservation_id), "unit_price": "0.01", "product_name": "Desk lamp"}
    return {**snapshot, "outcome": "price-changed", "quantity": 2, "revision": 2, "current_price": "499.00", **changes}


@pytest.mark.parametrize("shipment", [{}, {"status": "shipped"}], ids=["alone", "with a shipment"])
def test_more_units_are_refused_with_the_price_of_today(
    clerk: APIClient, products: FakeProductsApi, mistyped: Order, shipment: dict[str, str]
) -> None:
    response = clerk.patch(order_url(mistyped), {"quantity": 5, **shipment})

    problem = assert_problem(response, status=409, slug="price-changed")
    assert "499.00" in problem["detail"]
    assert "0.01" in problem["detail"]
    assert (read(mistyped).quantity, read(mistyped).status, sync_state(mistyped)) == (2, "pending", (2, 2, False))
    assert agrees(products, mistyped.product_id)


@pytest.mark.parametrize("price", ["499.00", "0.00"])
def test_more_units_are_refused_where_the_reservation_was_made_anew_at_the_price_of_today(
    customer: APIClient, products: FakeProductsApi, mistyped: Order, price: str
) -> None:
    """After product_service was restored, or the order was imported, only the order has the price of then."""
    products.products[mistyped.product_id].price = price
    products.reservations[mistyped.reservation_id].unit_price = price

    response = customer.patch(order_url(mistyped), {"quantity": 5})

    problem = assert_problem(response, status=409, slug="price-changed")
    assert price in problem["detail"]
    assert read(mistyped).quantity == 2
    reconcile()
    assert products.held(mistyped.product_id) == 2
    assert agrees(products, mistyped.product_id)


@pytest.mark.parametrize("change", [{"quantity": 1}, {"status": "canceled"}], ids=["fewer units", "a cancel"])
def test_what_needs_no_more_units_is_done(
    customer: APIClient, products: FakeProductsApi, mistyped: Order, change: dict[str, object]
) -> None:
    response = customer.patch(order_url(mistyped), change)

    assert response.status_code == 200
    reconcile()
    assert agrees(products, mistyped.product_id)


def test_a_renamed_product_is_the_same_product(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    products.products[lamp].name = "Reading lamp"

    response = customer.patch(order_url(order), {"quantity": 5})

    assert (response.status_code, response.json()["product_name"]) == (200, "Desk lamp")


def test_the_answer_of_a_repeated_call_is_the_remembered_one(
    customer: APIClient, products: FakeProductsApi, mistyped: Order
) -> None:
    customer.patch(order_url(mistyped), {"quantity": 5})
    products.products[mistyped.product_id].price = "0.01"

    [answer] = products(products.requests[-1]).json()["reservations"]

    assert (answer["outcome"], answer["quantity"]) == ("price-changed", 2)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"outcome": "a-word-of-a-later-version"}, id="an outcome of a later version"),
        pytest.param({"current_price": None}, id="no price"),
        pytest.param({"current_price": "-1.00"}, id="a price that is none"),
        pytest.param({"revision": 7}, id="another revision"),
    ],
)
def test_an_answer_that_this_version_does_not_know_is_an_unknown_outcome(
    customer: APIClient, products: FakeProductsApi, mistyped: Order, changes: dict[str, object]
) -> None:
    """It is what version 0.1.0 makes of `price-changed`: the order stays, and its quantity is pushed once more."""
    products.answer_with(200, {"reservations": [result_of(mistyped, **changes)]})

    response = customer.patch(order_url(mistyped), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert (read(mistyped).quantity, sync_state(mistyped)) == (2, (3, 1, True))
    reconcile()
    assert requested(products)[-1] == (2, 3)
    assert agrees(products, mistyped.product_id)
