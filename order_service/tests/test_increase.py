"""R2, take before you promise: a larger quantity is reserved first, and becomes the order's when it is held."""

import time
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from orders import products as products_module
from orders import services
from orders.events import BY_SYSTEM
from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile, requested, sync_state
from tests.factories import order_url, place, read

pytestmark = pytest.mark.django_db


def test_a_larger_quantity_is_held_before_it_is_promised(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    promised: list[int] = []
    products.on_request = lambda _: promised.append(read(order).quantity)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert (response.json()["quantity"], response.json()["total_price"]) == (5, "99.50")
    assert promised == [2]
    assert requested(products) == [(2, 1), (5, 2)]
    assert sync_state(order) == (2, 2, False)
    assert agrees(products, lamp)


@pytest.mark.parametrize("shipment", [{}, {"status": "shipped"}], ids=["alone", "with a shipment"])
@pytest.mark.parametrize(
    ("quantity", "is_active", "status", "slug"),
    [(11, True, 409, "insufficient-stock"), (5, False, 422, "product-not-found")],
)
def test_a_refused_increase_leaves_the_order_as_it_was(
    clerk: APIClient,
    products: FakeProductsApi,
    lamp: int,
    quantity: int,
    is_active: bool,
    status: int,
    slug: str,
    shipment: dict[str, str],
) -> None:
    order = place(lamp)
    products.products[lamp].is_active = is_active

    response = clerk.patch(order_url(order), {"quantity": quantity, **shipment})

    assert_problem(response, status=status, slug=slug)
    assert (read(order).quantity, read(order).status) == (2, "pending")
    assert agrees(products, lamp)


@pytest.mark.parametrize(("quantity", "refused", "accepted"), [(2, 401, 3), (300, 500, 301)], ids=["few", "many"])
def test_r4_a_refused_increase_uses_its_revision_up(
    customer: APIClient, products: FakeProductsApi, quantity: int, refused: int, accepted: int
) -> None:
    order = place(products.add_product(stock=400), quantity)
    customer.patch(order_url(order), {"quantity": refused})
    assert sync_state(order) == (2, 2, False)

    customer.patch(order_url(order), {"quantity": accepted})

    assert requested(products) == [(quantity, 1), (refused, 2), (accepted, 3)]
    assert sync_state(order) == (3, 3, False)


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
def test_without_an_answer_the_order_stays_as_it_was(
    customer: APIClient, products: FakeProductsApi, lamp: int, fault: str
) -> None:
    order = place(lamp)
    setattr(products, fault, True)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert int(response["Retry-After"]) >= 1
    assert (read(order).quantity, read(order).target_quantity) == (2, None)


def test_r2_units_held_by_a_lost_answer_are_released(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    products.lose_answers()
    customer.patch(order_url(order), {"quantity": 5})
    assert (products.held(lamp), sync_state(order)) == (5, (3, 1, True))

    reconcile()

    assert requested(products)[-1] == (2, 3)
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_an_increase_that_arrives_after_it_was_dropped_reserves_nothing(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.unreachable = True
    customer.patch(order_url(order), {"quantity": 5})
    products.unreachable = False
    late = products.requests[-1]
    reconcile()

    products(late)

    assert agrees(products, lamp)
    assert products.held(lamp) == 2


def test_after_an_unknown_outcome_it_can_be_tried_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.lose_answers()
    customer.patch(order_url(order), {"quantity": 5})

    response = customer.patch(order_url(order), {"quantity": 5})

    assert response.status_code == 200
    assert sync_state(order) == (4, 4, False)
    assert agrees(products, lamp)


@pytest.mark.parametrize("price", ["19.90", "499.00"], ids=["at the old price", "at another price"])
def test_units_that_a_decrease_has_not_released_yet_are_the_orders_own(
    customer: APIClient, products: FakeProductsApi, lamp: int, price: str
) -> None:
    order = place(lamp, 5)
    customer.patch(order_url(order), {"quantity": 2})
    products.products[lamp].price = price

    response = customer.patch(order_url(order), {"quantity": 4})

    assert response.status_code == 200
    assert requested(products) == [(5, 1), (4, 3)]
    assert agrees(products, lamp)


@pytest.mark.parametrize(
    ("price", "quantity", "slug"), [("19.90", 99, "insufficient-stock"), ("499.00", 6, "price-changed")]
)
def test_when_an_increase_after_a_decrease_is_refused_the_decrease_is_pushed(
    customer: APIClient, products: FakeProductsApi, lamp: int, price: str, quantity: int, slug: str
) -> None:
    order = place(lamp, 5)
    customer.patch(order_url(order), {"quantity": 2})
    products.products[lamp].price = price

    refused = customer.patch(order_url(order), {"quantity": quantity})

    assert_problem(refused, status=409, slug=slug)
    assert sync_state(order) == (4, 1, True)
    reconcile()
    assert products.held(lamp) == 2
    assert agrees(products, lamp)


def test_after_the_deadline_nothing_is_called(
    customer: APIClient, products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(lamp)
    monkeypatch.setattr(services, "REQUEST_BUDGET", 0.0)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert requested(products) == [(2, 1)]
    reconcile()
    assert agrees(products, lamp)


def increase(order: Order) -> object:
    return services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=5)


@pytest.mark.parametrize("request_units", [increase, lambda order: place(order.product_id)])
def test_a_call_ends_2_8_seconds_after_its_request_began(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch, request_units: Callable[[Order], object]
) -> None:
    order = place(lamp)
    began = time.monotonic()

    with products.client(now=lambda: began + 2.5) as late:
        monkeypatch.setattr(products_module, "client", lambda: late)
        request_units(order)

    took = time.monotonic() - began
    assert 0.29 < products.requests[-1].extensions["timeout"]["read"] < 0.31 + took
