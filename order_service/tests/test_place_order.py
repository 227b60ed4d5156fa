"""Placing an order over the API: what is answered, and what is stored."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Failure, Placement
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, requested, sync_state
from tests.factories import CUSTOMER, ORDERS, UNKNOWN_PRODUCT, only_order, order_url

pytestmark = pytest.mark.django_db


def test_an_order_is_placed(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    order = response.json()
    names = "id product_id product_name unit_price quantity total_price status created_at updated_at"
    assert (response.status_code, response["Content-Type"]) == (201, "application/json")
    assert " ".join(order) == names
    assert (order["product_id"], order["quantity"], order["status"]) == (lamp, 2, "pending")
    assert (only_order().owner, products.reserved(only_order().reservation_id)) == (CUSTOMER, 2)
    assert response["Location"] == order_url(only_order())
    assert customer.get(response["Location"]).json() == order
    for name in ("created_at", "updated_at"):
        assert order[name].endswith("Z")
        assert timezone.now() - datetime.fromisoformat(order[name]) < timedelta(minutes=1)
    assert agrees(products, lamp)


@pytest.mark.parametrize(("price", "unit_price", "total_price"), [("289.5", "289.50", "868.50"), ("0", "0.00", "0.00")])
def test_name_and_price_are_those_that_products_answered(
    customer: APIClient, products: FakeProductsApi, price: str, unit_price: str, total_price: str
) -> None:
    chair = products.add_product(name="Office chair", price=price)

    order = customer.post(ORDERS, {"product_id": chair, "quantity": 3}).json()

    shown = (order["product_name"], order["unit_price"], order["total_price"])
    assert shown == ("Office chair", unit_price, total_price)


def test_the_dearest_order_has_a_total(customer: APIClient, products: FakeProductsApi, settings: Settings) -> None:
    settings.ORDER_QUANTITY_MAX = 2**31 - 1
    palace = products.add_product(price="99999999.99", stock=2**31 - 1)

    order = customer.post(ORDERS, {"product_id": palace, "quantity": 2**31 - 1}).json()

    assert order["total_price"] == "214748364678525163.53"


def test_the_last_unit_can_be_ordered(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 10})

    assert response.status_code == 201
    assert products.stock(lamp) == 0


def test_two_products_of_one_name_are_not_confused(customer: APIClient, products: FakeProductsApi) -> None:
    first, second = products.add_product(price="1.00"), products.add_product(price="2.00")

    order = customer.post(ORDERS, {"product_id": second, "quantity": 2}).json()

    assert (order["product_id"], order["unit_price"]) == (second, "2.00")
    assert (products.stock(first), products.stock(second)) == (10, 8)


@pytest.mark.parametrize(
    ("product_id", "status", "failure", "detail"),
    [
        (1, 409, Failure.INSUFFICIENT_STOCK, "Product 1 has too little stock for a quantity of 11."),
        (2, 422, Failure.PRODUCT_NOT_FOUND, "There is no product 2 for sale."),
        (UNKNOWN_PRODUCT, 422, Failure.PRODUCT_NOT_FOUND, f"There is no product {UNKNOWN_PRODUCT} for sale."),
    ],
    ids=["too few units", "inactive", "unknown"],
)
def test_r4_a_refusal_takes_no_units_uses_up_its_revision_leaves_nothing_to_do_and_is_invisible(
    customer: APIClient,
    clerk: APIClient,
    products: FakeProductsApi,
    lamp: int,
    product_id: int,
    status: int,
    failure: Failure,
    detail: str,
) -> None:
    products.add_product(is_active=False)

    response = customer.post(ORDERS, {"product_id": product_id, "quantity": 11})

    assert assert_problem(response, status=status, slug=failure)["detail"] == detail
    assert products.stock(lamp) == 10
    order = only_order()
    assert (order.placement, order.failure) == (Placement.FAILED, failure)
    assert sync_state(order) == (1, 1, False)
    for client in (customer, clerk):
        assert_problem(client.get(order_url(order)), status=404, slug="not-found")
        assert client.get(ORDERS).json()["results"] == []


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
def test_without_an_answer_the_order_is_aborted_for_good_and_due_to_be_released(
    customer: APIClient, products: FakeProductsApi, lamp: int, fault: str
) -> None:
    setattr(products, fault, True)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")
    assert int(response["Retry-After"]) >= 1
    assert customer.get(ORDERS).json()["results"] == []
    order = only_order()
    assert (order.placement, order.failure) == (Placement.FAILED, Failure.ABORTED)
    assert (order.revision, order.synced_revision) == (2, 0)
    assert order.next_sync_at is not None
    assert order.next_sync_at <= timezone.now()


def test_placing_an_order_is_one_call_under_its_request_id_and_does_not_read_the_catalogue(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    [request] = products.requests
    assert (request.url.path, request.headers["X-Request-ID"]) == ("/internal/v1/reservations/", "a-request-id")
    assert requested(products) == [(2, 1)]


def test_orders_without_a_key_are_all_different(customer: APIClient, lamp: int) -> None:
    for _ in range(2):
        assert customer.post(ORDERS, {"product_id": lamp, "quantity": 2}).status_code == 201

    assert Order.objects.live().count() == 2
