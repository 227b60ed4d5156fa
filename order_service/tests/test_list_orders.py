"""Listing orders: whose, and which of them by each filter."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Status
from service_kit.testing.pages import walk
from service_kit.testing.problems import assert_problem, pointers
from tests.factories import CUSTOMER, LONG_AGO, ORDERS, STRANGER, live_order, order_url, place, placing_order

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


def ids(client: APIClient, **parameters: Any) -> list[int]:
    response = client.get(ORDERS, parameters)
    assert response.status_code == 200, response.content
    return [order["id"] for order in response.json()["results"]]


def test_a_customer_sees_their_own_orders_the_newest_first(customer: APIClient) -> None:
    second, first = live_order(created_at=LONG_AGO + A_DAY), live_order(created_at=LONG_AGO)
    live_order(owner=STRANGER)

    assert ids(customer) == [second.pk, first.pk]


def test_a_clerk_sees_everybodys(clerk: APIClient) -> None:
    mine, theirs = live_order(created_at=LONG_AGO), live_order(owner=STRANGER)

    assert ids(clerk) == [theirs.pk, mine.pk]


def test_an_item_of_the_list_is_the_order_itself(customer: APIClient, lamp: int) -> None:
    order = place(lamp)

    [listed] = customer.get(ORDERS).json()["results"]

    assert listed == customer.get(order_url(order)).json()


def test_only_live_orders_are_listed(customer: APIClient, lamp: int) -> None:
    placing_order(lamp)
    customer.post(ORDERS, {"product_id": lamp, "quantity": 11})

    assert ids(customer) == []


@pytest.mark.parametrize("status", Status)
def test_by_status(customer: APIClient, status: Status) -> None:
    orders = {each: live_order(status=each) for each in Status}

    assert ids(customer, status=status) == [orders[status].pk]


def test_by_product(customer: APIClient) -> None:
    live_order(product_id=1)
    wanted = live_order(product_id=2)

    assert ids(customer, product_id=2) == [wanted.pk]
    assert ids(customer, product_id=2**53 - 1) == []


@pytest.mark.parametrize(
    ("event", "moment"),
    [
        *(("created", moment) for moment in ("2026-01-02T00:00:00+00:00", "2026-01-01T20:00:00-04:00")),
        *((event, "2026-01-02T00:00:00Z") for event in ("created", "updated")),
    ],
)
def test_by_the_time_of_placement_and_of_change(customer: APIClient, event: str, moment: str) -> None:
    before, exactly, after = (
        changed_at(datetime(2026, 1, 2, tzinfo=UTC) + shift, created_at=datetime(2026, 1, 2, tzinfo=UTC) + shift)
        for shift in (-A_DAY, 0 * A_DAY, A_DAY)
    )

    assert ids(customer, **{f"{event}_after": moment}) == [after.pk]
    assert ids(customer, **{f"{event}_before": moment}) == [before.pk]
    assert exactly.pk in ids(customer)


def changed_at(instant: datetime, **fields: Any) -> Order:
    order = live_order(**fields)
    Order.objects.filter(pk=order.pk).update(updated_at=instant)
    return order


def test_the_refusal_of_a_status_names_those_that_there_are(customer: APIClient) -> None:
    response = customer.get(f"{ORDERS}?status=Shipped")

    assert response.status_code == 400
    assert "pending, shipped, delivered, canceled." in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("ordering", "is_early_first"),
    [("updated_at", True), ("-updated_at", False), ("created_at", False), ("-created_at", True)],
)
def test_in_the_order_of_changes(customer: APIClient, ordering: str, is_early_first: bool) -> None:
    early = changed_at(LONG_AGO + A_DAY, created_at=LONG_AGO)
    late = changed_at(LONG_AGO + 2 * A_DAY, created_at=LONG_AGO - A_DAY)

    assert ids(customer, ordering=ordering) == ([early.pk, late.pk] if is_early_first else [late.pk, early.pk])


@pytest.mark.parametrize(("ordering", "first"), [("-created_at", "-pk"), ("updated_at", "pk")])
def test_each_order_is_on_one_page_also_of_those_of_one_instant(customer: APIClient, ordering: str, first: str) -> None:
    for number in range(5):
        changed_at(LONG_AGO + number // 2 * A_DAY, created_at=LONG_AGO + number // 2 * A_DAY)

    pages = walk(customer, f"{ORDERS}?ordering={ordering}&page_size=2")

    in_order = Order.objects.order_by(ordering, first).values_list("pk", flat=True)
    assert [order["id"] for page in pages for order in page] == list(in_order)
    assert [len(page) for page in pages] == [2, 2, 1]


def test_a_cursor_does_not_show_orders_of_others(customer: APIClient, stranger: APIClient) -> None:
    for owner in [CUSTOMER, STRANGER] * 3:
        live_order(owner=owner)
    following = customer.get(f"{ORDERS}?page_size=1").json()["next"]

    listed = [order["id"] for page in walk(stranger, following) for order in page]

    assert set(listed) <= set(Order.objects.filter(owner=STRANGER).values_list("pk", flat=True))


def test_filters_hold_together(customer: APIClient) -> None:
    wanted = live_order(status=Status.SHIPPED, product_id=2, created_at=LONG_AGO)
    live_order(status=Status.SHIPPED, product_id=2)
    live_order(status=Status.PENDING, product_id=2, created_at=LONG_AGO)
    live_order(status=Status.SHIPPED, product_id=1, created_at=LONG_AGO)

    found = ids(customer, status="shipped", product_id=2, created_before="2026-02-01T00:00:00Z")

    assert found == [wanted.pk]


@pytest.mark.parametrize(
    "parameters", [{}, {"status": "pending"}, {"product_id": 1}, {"created_after": "2020-01-01T00:00:00Z"}]
)
def test_no_filter_shows_a_strangers_orders(stranger: APIClient, parameters: dict[str, Any]) -> None:
    live_order()

    assert ids(stranger, **parameters) == []


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("status", value) for value in ("gone", "Pending", "pending,shipped")),
        *(("product_id", "0"), ("product_id", str(2**53)), ("created_after", "yesterday")),
        *(("created_before", "2026-01-01"), ("updated_after", "2026-01-01T00:00:00")),
        *(("updated_before", "2026-02-29T00:00:00Z"), ("ordering", "total_price"), ("owner", "the customer")),
        *(("placement", "failed"), ("status__in", "pending")),
    ],
)
def test_a_parameter_that_is_malformed_or_unknown_is_refused(customer: APIClient, parameter: str, value: str) -> None:
    response = customer.get(ORDERS, {parameter: value})

    assert pointers(response) == [f"/{parameter}"]


def test_without_a_token_no_orders_are_listed(nobody: APIClient) -> None:
    assert_problem(nobody.get(ORDERS), status=401, slug="not-authenticated")


def test_an_unknown_order_is_not_found(clerk: APIClient) -> None:
    problem = assert_problem(clerk.get(f"{ORDERS}1/"), status=404, slug="not-found")

    assert problem["detail"] == "There is no order 1."
