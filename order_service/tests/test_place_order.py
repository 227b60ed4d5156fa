"""Placing an order over the API: what is answered, and what is stored."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Failure, Placement
from service_kit.testing.problems import assert_problem
from tests.fake_products_api import FakeProductsApi
from tests.world import CUSTOMER, ORDERS, UNKNOWN_PRODUCT, address, agrees, asked, only_order, reconcile, sync

pytestmark = pytest.mark.django_db

WHERE_PRODUCTS_FAILS = pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])


def test_an_order_is_placed(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert response.status_code == 201
    assert response["Content-Type"] == "application/json"
    order = response.json()
    assert list(order) == [
        "id",
        "product_id",
        "product_name",
        "unit_price",
        "quantity",
        "total_price",
        "status",
        "created_at",
        "updated_at",
    ]
    assert (order["product_id"], order["quantity"], order["status"]) == (lamp, 2, "pending")
    assert agrees(products, lamp)


def test_its_units_are_held(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert products.stock(lamp) == 8
    assert products.reserved(only_order().reservation_id) == 2


def test_name_and_price_are_those_that_products_answered(customer: APIClient, products: FakeProductsApi) -> None:
    chair = products.add_product(name="Office chair", price="289.5")

    order = customer.post(ORDERS, {"product_id": chair, "quantity": 3}).json()

    assert (order["product_name"], order["unit_price"], order["total_price"]) == ("Office chair", "289.50", "868.50")


def test_the_dearest_order_has_a_total(customer: APIClient, products: FakeProductsApi) -> None:
    palace = products.add_product(price="99999999.99", stock=2**31 - 1)

    order = customer.post(ORDERS, {"product_id": palace, "quantity": 2**31 - 1}).json()

    assert order["total_price"] == "214748364678525163.53"


def test_a_product_may_be_given_away(customer: APIClient, products: FakeProductsApi) -> None:
    gift = products.add_product(price="0")

    order = customer.post(ORDERS, {"product_id": gift, "quantity": 2}).json()

    assert (order["unit_price"], order["total_price"]) == ("0.00", "0.00")


def test_the_answer_says_where_the_order_is(customer: APIClient, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert response["Location"] == address(only_order())
    assert customer.get(response["Location"]).json() == response.json()


def test_its_times_are_now_in_utc(customer: APIClient, lamp: int) -> None:
    order = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}).json()

    for name in ("created_at", "updated_at"):
        assert order[name].endswith("Z")
        assert timezone.now() - datetime.fromisoformat(order[name]) < timedelta(minutes=1)


def test_it_belongs_to_who_placed_it(customer: APIClient, lamp: int) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert only_order().owner == CUSTOMER


def test_the_last_unit_can_be_had(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 10})

    assert response.status_code == 201
    assert products.stock(lamp) == 0


def test_two_products_of_one_name_are_not_confused(customer: APIClient, products: FakeProductsApi) -> None:
    first, second = products.add_product(price="1.00"), products.add_product(price="2.00")

    order = customer.post(ORDERS, {"product_id": second, "quantity": 2}).json()

    assert (order["product_id"], order["unit_price"]) == (second, "2.00")
    assert (products.stock(first), products.stock(second)) == (10, 8)


def test_more_than_the_stock_is_refused_and_changes_nothing(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 11})

    problem = assert_problem(response, status=409, slug="insufficient-stock")
    assert problem["detail"] == f"Product {lamp} has too little stock for a quantity of 11."
    assert products.stock(lamp) == 10
    assert customer.get(ORDERS).json()["results"] == []


def test_an_unknown_product_is_refused(customer: APIClient, products: FakeProductsApi) -> None:
    response = customer.post(ORDERS, {"product_id": UNKNOWN_PRODUCT, "quantity": 1})

    problem = assert_problem(response, status=422, slug="product-not-found")
    assert problem["detail"] == f"There is no product {UNKNOWN_PRODUCT} for sale."
    assert customer.get(ORDERS).json()["results"] == []


def test_a_withdrawn_product_is_refused(customer: APIClient, products: FakeProductsApi) -> None:
    relic = products.add_product(is_active=False)

    response = customer.post(ORDERS, {"product_id": relic, "quantity": 1})

    assert_problem(response, status=422, slug="product-not-found")


@pytest.mark.parametrize(
    ("product_id", "quantity", "failure"),
    [(1, 11, Failure.INSUFFICIENT_STOCK), (UNKNOWN_PRODUCT, 1, Failure.PRODUCT_NOT_FOUND)],
)
@pytest.mark.usefixtures("lamp")
def test_r4_a_refusal_uses_its_revision_up_and_leaves_nothing_to_do(
    customer: APIClient, product_id: int, quantity: int, failure: Failure
) -> None:
    customer.post(ORDERS, {"product_id": product_id, "quantity": quantity})

    order = only_order()
    assert (order.placement, order.failure) == (Placement.FAILED, failure)
    assert sync(order) == (1, 1, False)


def test_a_refused_order_is_invisible(customer: APIClient, clerk: APIClient, lamp: int) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 11})

    for client in (customer, clerk):
        assert_problem(client.get(address(only_order())), status=404, slug="not-found")
        assert client.get(ORDERS).json()["results"] == []


@WHERE_PRODUCTS_FAILS
def test_r6_when_products_does_not_answer_the_order_is_not_placed_for_certain(
    customer: APIClient, products: FakeProductsApi, lamp: int, fault: str
) -> None:
    setattr(products, fault, True)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")
    assert int(response["Retry-After"]) >= 1
    assert customer.get(ORDERS).json()["results"] == []


@WHERE_PRODUCTS_FAILS
def test_r2_an_unknown_outcome_is_given_up_at_the_next_revision_and_due_at_once(
    customer: APIClient, products: FakeProductsApi, lamp: int, fault: str
) -> None:
    setattr(products, fault, True)

    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    order = only_order()
    assert (order.placement, order.failure) == (Placement.FAILED, Failure.ABORTED)
    assert (order.revision, order.synced_revision) == (2, 0)
    assert order.next_sync_at is not None
    assert order.next_sync_at <= timezone.now()


@pytest.mark.parametrize("status", [201, 301, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
def test_any_status_but_200_is_an_unknown_outcome(
    customer: APIClient, products: FakeProductsApi, lamp: int, status: int
) -> None:
    products.answer_with(status, {"reservations": []})

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")


@pytest.mark.parametrize("body", [b"", b"<html>", {}, {"reservations": []}, {"reservations": [{"outcome": "held"}]}])
def test_a_200_that_answers_nothing_is_an_unknown_outcome(
    customer: APIClient, products: FakeProductsApi, lamp: int, body: object
) -> None:
    products.answer_with(200, body)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert_problem(response, status=503, slug="order-not-placed")


def test_what_a_lost_answer_took_is_given_back(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    products.lose_answers()
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})
    held_meanwhile = products.promised(lamp)

    reconcile()

    assert held_meanwhile == 2
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_an_order_asks_products_once_and_never_for_the_catalogue(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert [request.url.path for request in products.requests] == ["/internal/v1/reservations/"]
    assert asked(products) == [(2, 1)]


def test_both_services_know_the_request_by_one_id(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    assert [request.headers["X-Request-ID"] for request in products.requests] == ["a-request-id"]


def test_orders_without_a_key_are_all_different(customer: APIClient, lamp: int) -> None:
    for _ in range(2):
        assert customer.post(ORDERS, {"product_id": lamp, "quantity": 2}).status_code == 201

    assert Order.objects.live().count() == 2
