"""Every committed transition of an order has one event, and nothing else has."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from orders.errors import InvalidTransition, OrderNotChanged
from orders.events import BY_SYSTEM, OrderEvent
from orders.models import Order
from orders.reconciler import reconcile_once
from orders.services import change_order
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from tests.factories import CUSTOMER, ORDERS, increasing_order, order_url, place, placing_order, read, refused_order

pytestmark = pytest.mark.django_db


def happened(order: Order) -> list[tuple[str, int, str, int]]:
    """Return the events of an order: kind, quantity, status, revision."""
    return list(order.events.order_by("pk").values_list("kind", "quantity", "status", "revision"))


def test_each_step_of_an_order_is_an_event(customer: APIClient, clerk: APIClient, lamp: int) -> None:
    order = place(lamp)
    for client, change in (
        (customer, {"quantity": 5}),
        (customer, {"quantity": 1}),
        (clerk, {"status": "shipped"}),
        (clerk, {"status": "delivered"}),
    ):
        assert client.patch(order_url(order), change).status_code == 200

    assert happened(order) == [
        ("placed", 2, "pending", 1),
        ("quantity-changed", 5, "pending", 2),
        ("quantity-changed", 1, "pending", 3),
        ("shipped", 1, "shipped", 3),
        ("delivered", 1, "delivered", 3),
    ]
    assert list(order.events.order_by("pk").values_list("cause", "cause_name")) == [
        *[("user", CUSTOMER)] * 3,
        *[("user", "the clerk")] * 2,
    ]


def test_a_status_and_a_quantity_that_change_together_are_one_event(clerk: APIClient, lamp: int) -> None:
    order = place(lamp)

    clerk.patch(order_url(order), {"quantity": 3, "status": "shipped"})

    assert happened(order)[1:] == [("shipped", 3, "shipped", 2)]


def test_the_request_is_recorded(customer: APIClient, lamp: int) -> None:
    order_id = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "of-placing"}).json()
    order = Order.objects.get(pk=order_id["id"])
    customer.patch(order_url(order), {"status": "canceled"}, headers={"X-Request-ID": "c" * 200})

    placed, canceled = order.events.order_by("pk")

    assert (placed.request_id, canceled.request_id) == ("of-placing", "c" * 128)


def test_a_clerk_is_recorded_as_a_clerk(anna: Client, lamp: int) -> None:
    order = place(lamp)

    anna.post(f"/admin/orders/orders/order/{order.pk}/change/", {"_shipped": ""})

    last = order.events.latest("pk")
    assert (last.kind, last.cause, last.cause_name) == ("shipped", "clerk", "anna")


def test_what_changes_nothing_is_no_event(customer: APIClient, lamp: int) -> None:
    order = place(lamp, key="once")
    place(lamp, key="once")
    customer.patch(order_url(order), {"quantity": order.quantity})
    customer.patch(order_url(order), {"status": "canceled"})
    customer.patch(order_url(order), {"status": "canceled"})
    with pytest.raises(InvalidTransition):
        change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.SHIPPED)

    assert [kind for kind, *_ in happened(order)] == ["placed", "canceled"]


def test_a_change_that_lost_is_no_event(lamp: int) -> None:
    order = place(lamp)
    as_read = read(order)
    change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.CANCELED)

    lost = Order.objects.settle(as_read, quantity=1, status=Status.PENDING, cause=BY_SYSTEM)

    assert not lost
    assert [kind for kind, *_ in happened(order)] == ["placed", "canceled"]


def test_orders_that_were_never_live_have_no_events(lamp: int) -> None:
    refused_order(lamp)
    placing_order(lamp, age=timedelta(minutes=1))

    reconcile_once()

    assert not OrderEvent.objects.exists()


def test_an_increase_is_an_event_when_it_is_promised(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp, age=timedelta(minutes=1))
    reconcile_once()
    products.answer_with(503)
    with pytest.raises(OrderNotChanged):
        change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=4)

    assert [kind for kind, *_ in happened(order)] == ["placed"]
