"""Entity tags of orders: not reading twice, and not changing what somebody else has changed."""

from collections.abc import Callable

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


def test_a_state_that_the_caller_has_is_not_sent_again(customer: APIClient, order: Order) -> None:
    tag = customer.get(order_url(order))["ETag"]

    response = customer.get(order_url(order), headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    "change",
    [
        lambda order: change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=3),
        lambda order: change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=1),
        lambda order: change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.SHIPPED),
        lambda order: change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.CANCELED),
    ],
    ids=["increased", "decreased", "shipped", "canceled"],
)
def test_the_tag_changes_with_the_order(customer: APIClient, order: Order, change: Callable[[Order], Order]) -> None:
    tag = customer.get(order_url(order))["ETag"]

    change(order)

    assert customer.get(order_url(order))["ETag"] != tag


def test_every_answer_names_the_state_that_it_shows(customer: APIClient, lamp: int) -> None:
    placed = customer.post("/api/v1/orders/", {"product_id": lamp, "quantity": 2})
    assert placed["ETag"] == customer.get(placed["Location"])["ETag"]

    changed = customer.patch(placed["Location"], {"quantity": 1})

    assert changed["ETag"] == customer.get(placed["Location"])["ETag"] != placed["ETag"]


def test_a_change_of_the_state_that_was_read_is_made(customer: APIClient, order: Order) -> None:
    tag = customer.get(order_url(order))["ETag"]

    response = customer.patch(order_url(order), {"quantity": 1}, headers={"If-Match": tag})

    assert response.json()["quantity"] == 1


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
