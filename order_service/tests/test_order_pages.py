"""Pages of the list of orders: in its default ordering, each customer with their own. Pages are tested in the kit."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from service_kit.testing.pages import walk
from tests.factories import LONG_AGO, ORDERS, STRANGER, live_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def history() -> None:
    """Eleven orders, several of which share their instant, among a stranger's."""
    for number in range(11):
        live_order(created_at=LONG_AGO + timedelta(days=number // 3))
        live_order(created_at=LONG_AGO + timedelta(days=number // 3), owner=STRANGER)


def test_each_order_is_on_one_page_the_newest_first(customer: APIClient) -> None:
    pages = walk(customer, f"{ORDERS}?page_size=3")

    mine = Order.objects.exclude(owner=STRANGER).order_by("-created_at", "-pk")
    assert [order["id"] for page in pages for order in page] == list(mine.values_list("pk", flat=True))
    assert all(len(page) == 3 for page in pages[:-1])


def test_filters_hold_on_every_page(customer: APIClient) -> None:
    pages = walk(customer, f"{ORDERS}?page_size=2&created_after=2026-01-02T00:00:00Z")

    assert [len(page) for page in pages] == [2, 2, 1]


def test_a_cursor_does_not_show_orders_of_others(customer: APIClient, stranger: APIClient) -> None:
    following = customer.get(f"{ORDERS}?page_size=2").json()["next"]

    listed = [order["id"] for page in walk(stranger, following) for order in page]

    assert set(listed) <= set(Order.objects.filter(owner=STRANGER).values_list("pk", flat=True))
