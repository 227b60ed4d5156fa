"""Entity tags of orders: not reading twice, and not changing what somebody else has changed."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.errors import OrderChanged
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.services import change_order
from orders.states import Status
from service_kit.testing.problems import assert_problem
from tests.factories import order_url, place, read

pytestmark = pytest.mark.django_db
STALE = '"0123456789abcdef0123456789abcdef"'


@pytest.fixture
def order(lamp: int) -> Order:
    return place(lamp)


@pytest.mark.parametrize(
    "change", [{"quantity": 3}, {"quantity": 1}, {"status": Status.SHIPPED}, {"status": Status.CANCELED}], ids=str
)
def test_the_tag_changes_with_the_order(customer: APIClient, order: Order, change: dict[str, Any]) -> None:
    tag = customer.get(order_url(order))["ETag"]

    change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, **change)

    assert customer.get(order_url(order))["ETag"] != tag


def test_every_answer_names_the_state_that_it_shows_and_a_change_of_that_state_is_made(
    customer: APIClient, lamp: int
) -> None:
    placed = customer.post("/api/v1/orders/", {"product_id": lamp, "quantity": 2})
    known = customer.get(placed["Location"], headers={"If-None-Match": placed["ETag"]})
    changed = customer.patch(placed["Location"], {"quantity": 1}, headers={"If-Match": placed["ETag"]})

    assert (known.status_code, known.content, known["ETag"]) == (304, b"", placed["ETag"])
    assert (changed.status_code, changed.json()["quantity"]) == (200, 1)
    assert changed["ETag"] == customer.get(placed["Location"])["ETag"] != placed["ETag"]


@pytest.mark.parametrize(("header", "value"), [("If-Match", STALE), ("If-None-Match", "*")])
@pytest.mark.parametrize("body", [{"quantity": 1}, {"quantity": 5}, {"status": "canceled"}, {"quantity": 2}])
def test_a_change_on_another_condition_is_refused(
    customer: APIClient, order: Order, body: dict[str, object], header: str, value: str
) -> None:
    response = customer.patch(order_url(order), body, headers={header: value})

    assert_problem(response, status=412, slug="precondition-failed")
    assert (read(order).quantity, read(order).status, read(order).revision) == (2, Status.PENDING, 1)


def test_the_condition_is_evaluated_anew_when_a_change_lost_a_race(order: Order) -> None:
    seen = []

    def is_as_read(current: Order) -> bool:
        seen.append(current.quantity)
        if len(seen) == 1:
            change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=1)
        return current.quantity == order.quantity

    with pytest.raises(OrderChanged):
        change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.SHIPPED, is_as_read=is_as_read)

    assert seen == [2, 1]
    assert read(order).status == Status.PENDING
