"""Pages of the list of orders: every order once, the newest first, whatever the page size."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from service_kit.testing.problems import pointers
from tests.factories import LONG_AGO, ORDERS, STRANGER, live_order

pytestmark = pytest.mark.django_db


def walk(client: APIClient, start: str, *, direction: str = "next") -> list[list[dict[str, Any]]]:
    pages = []
    following: str | None = start
    while following:
        response = client.get(following)
        assert response.status_code == 200, response.content
        page = response.json()
        pages.append(page["results"])
        following = page[direction]
    return pages


@pytest.fixture(autouse=True)
def history() -> None:
    """Eleven orders, several of which share their instant, among a stranger's."""
    for number in range(11):
        live_order(created_at=LONG_AGO + timedelta(days=number // 3))
        live_order(created_at=LONG_AGO + timedelta(days=number // 3), owner=STRANGER)


@pytest.mark.parametrize("page_size", [1, 3, 11, 100])
def test_each_order_is_on_one_page_the_newest_first(customer: APIClient, page_size: int) -> None:
    pages = walk(customer, f"{ORDERS}?page_size={page_size}")

    listed = [order["id"] for page in pages for order in page]
    mine = Order.objects.exclude(owner=STRANGER).order_by("-created_at", "-pk")
    assert listed == list(mine.values_list("pk", flat=True))
    assert all(len(page) == page_size for page in pages[:-1])


def test_previous_links_show_the_same_pages(clerk: APIClient) -> None:
    forwards = walk(clerk, f"{ORDERS}?page_size=5")
    last = f"{ORDERS}?page_size=5"
    while following := clerk.get(last).json()["next"]:
        last = following

    backwards = walk(clerk, last, direction="previous")

    assert list(reversed(backwards)) == forwards


def test_a_page_has_20_orders_by_default(clerk: APIClient) -> None:
    page = clerk.get(ORDERS).json()

    assert len(page["results"]) == 20
    assert page["next"]


def test_filters_hold_on_every_page(customer: APIClient) -> None:
    pages = walk(customer, f"{ORDERS}?page_size=2&created_after=2026-01-02T00:00:00Z")

    assert [len(page) for page in pages] == [2, 2, 1]


def test_an_order_that_is_placed_meanwhile_shifts_no_page(customer: APIClient) -> None:
    first = customer.get(f"{ORDERS}?page_size=5").json()
    new = live_order()

    rest = [order["id"] for page in walk(customer, first["next"]) for order in page]

    assert len(rest) == 6
    assert new.pk not in rest


def test_a_cursor_does_not_show_orders_of_others(customer: APIClient, stranger: APIClient) -> None:
    following = customer.get(f"{ORDERS}?page_size=2").json()["next"]

    listed = [order["id"] for page in walk(stranger, following) for order in page]

    assert set(listed) <= set(Order.objects.filter(owner=STRANGER).values_list("pk", flat=True))


def test_a_cursor_that_was_tampered_with_is_refused(customer: APIClient) -> None:
    following = customer.get(f"{ORDERS}?page_size=2").json()["next"]

    response = customer.get(following.replace("cursor=", "cursor=A"))

    assert pointers(response) == ["/cursor"]
