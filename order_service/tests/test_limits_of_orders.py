"""What one customer may have: units in an order, and orders that are pending."""

from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from orders import errors, services
from orders.models import Order
from orders.placement import place_group
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees
from tests.factories import CUSTOMER, LONG_AGO, ORDERS, draft, live_order, order_url, place, read, stuck_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_open(settings: Settings) -> None:
    """A shop where one customer may have two pending orders."""
    settings.ORDERS_OPEN_PER_OWNER_MAX = 2


@pytest.fixture
def five_units(settings: Settings) -> None:
    """A shop where an order may have five units."""
    settings.ORDER_QUANTITY_MAX = 5


def order(customer: APIClient, product_id: int, quantity: int = 1, *, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return customer.post(ORDERS, {"product_id": product_id, "quantity": quantity}, headers=headers)


@pytest.mark.usefixtures("five_units")
def test_an_order_of_too_many_units_is_refused_before_anything_is_begun(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    response = order(customer, lamp, 6)

    assert_problem(response, status=422, slug="quantity-too-large")
    assert (Order.objects.count(), products.requests) == (0, [])
    assert order(customer, lamp, 5).status_code == 201


@pytest.mark.usefixtures("five_units")
def test_an_increase_to_too_many_units_is_refused(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    placed = place(lamp)

    response = customer.patch(order_url(placed), {"quantity": 6})

    assert_problem(response, status=422, slug="quantity-too-large")
    assert (read(placed).quantity, read(placed).revision, len(products.requests)) == (2, 1, 1)


@pytest.mark.parametrize(
    ("units", "change"),
    [(2, {"quantity": 5}), (8, {"quantity": 7}), (8, {"status": "canceled"})],
    ids=["more, as many as allowed", "fewer, from before the limit", "a cancel of one from before the limit"],
)
def test_what_does_not_exceed_the_limit_further_can_be_changed(
    customer: APIClient, lamp: int, settings: Settings, units: int, change: dict[str, object]
) -> None:
    placed = place(lamp, units)
    settings.ORDER_QUANTITY_MAX = 5

    assert customer.patch(order_url(placed), change).status_code == 200


def test_the_key_of_an_order_from_before_the_limit_has_its_answer(
    customer: APIClient, lamp: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = order(customer, lamp, 8, key="k")
    settings.ORDER_QUANTITY_MAX = 5
    monkeypatch.setattr(services.batcher, "place", None)  # by then, the key could be free

    again = order(customer, lamp, 8, key="k")

    assert (again.status_code, again.content) == (201, first.content)
    assert_problem(order(customer, lamp, 9, key="k"), status=422, slug="idempotency-key-reused")


@pytest.mark.parametrize("most", [1, 3])
def test_one_more_pending_order_than_allowed_is_refused_and_nothing_is_begun(
    customer: APIClient, products: FakeProductsApi, lamp: int, settings: Settings, most: int
) -> None:
    settings.ORDERS_OPEN_PER_OWNER_MAX = most
    assert [order(customer, lamp).status_code for _ in range(most)] == [201] * most

    response = order(customer, lamp)

    assert_problem(response, status=409, slug="too-many-open-orders")
    assert "Retry-After" not in response
    assert (Order.objects.count(), len(products.requests)) == (most, most)
    assert agrees(products, lamp)


@pytest.mark.usefixtures("two_open", "products")
@pytest.mark.parametrize("status", [Status.CANCELED, Status.SHIPPED, Status.DELIVERED])
def test_orders_that_are_no_longer_pending_do_not_count(customer: APIClient, lamp: int, status: Status) -> None:
    live_order(product_id=lamp)
    live_order(product_id=lamp, status=status)

    assert order(customer, lamp).status_code == 201


@pytest.mark.usefixtures("two_open")
def test_orders_of_others_and_failed_ones_do_not_count(customer: APIClient, stranger: APIClient, lamp: int) -> None:
    for _ in range(2):
        order(stranger, lamp)
        order(customer, lamp, 999)

    assert order(customer, lamp).status_code == 201


@pytest.mark.usefixtures("two_open")
def test_the_refused_key_places_an_order_once_there_is_room(customer: APIClient, lamp: int) -> None:
    first = place(lamp, 1)
    place(lamp, 1)
    refused = order(customer, lamp, key="k")
    customer.patch(order_url(first), {"status": "canceled"})

    placed = order(customer, lamp, key="k")

    assert (refused.status_code, placed.status_code, "Idempotent-Replayed" in placed) == (409, 201, False)


@pytest.mark.usefixtures("two_open")
def test_a_repeated_key_is_answered_however_many_orders_are_pending(customer: APIClient, lamp: int) -> None:
    first = order(customer, lamp, key="k")
    place(lamp, 1)

    again = order(customer, lamp, key="k")
    other_body = order(customer, lamp, 2, key="k")

    assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (201, first.content, "true")
    assert_problem(other_body, status=422, slug="idempotency-key-reused")


@pytest.mark.usefixtures("two_open", "products")
def test_a_stuck_key_is_resumed_however_many_orders_are_pending(customer: APIClient, lamp: int) -> None:
    stuck = stuck_order(lamp, key="k")
    for _ in range(2):
        live_order(product_id=lamp)

    response = order(customer, lamp, 2, key="k")

    assert (response.status_code, response.json()["id"]) == (201, stuck.pk)


@pytest.mark.usefixtures("two_open")
def test_the_others_of_a_group_are_placed(products: FakeProductsApi, lamp: int) -> None:
    for _ in range(2):
        place(lamp, 1)

    answers = place_group([draft(lamp), draft(lamp, owner="another"), draft(lamp, idempotency_key="k")])

    assert [type(answer) for answer in answers][::2] == [errors.TooManyOpenOrders] * 2
    assert Order.objects.live().filter(owner="another").count() == 1
    assert agrees(products, lamp)


def test_without_a_limit_any_number_is_placed(lamp: int, settings: Settings) -> None:
    settings.ORDERS_OPEN_PER_OWNER_MAX = 0
    for _ in range(120):
        live_order(product_id=lamp)

    assert place(lamp, 1).placement == "live"


@pytest.mark.postgresql("SQLite explains itself in other words")
def test_pending_orders_are_counted_in_an_index() -> None:
    placed = {"placement": "live", "product_name": "Desk lamp", "unit_price": 1, "placed_at": LONG_AGO}
    values = {"product_id": 1, "quantity": 1, "placed_quantity": 1, "synced_revision": 1, **placed}
    owners = [CUSTOMER if number < 50 else f"owner {number}" for number in range(5000)]
    Order.objects.bulk_create(Order(owner=owner, **values) for owner in owners)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_order")

    plan = Order.objects.visible_to(CUSTOMER).filter(status=Status.PENDING)[99:100].explain()

    assert "order_by_owner" in plan
