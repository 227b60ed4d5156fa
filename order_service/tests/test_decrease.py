"""R3, un-promise before you give back: a cancel or a decrease holds at once, and is pushed until acknowledged."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from orders.states import Status
from tests.fake_products_api import FakeProductsApi
from tests.world import address, agrees, asked, order_in, place, read, reconcile, reconcile_later, sync

pytestmark = pytest.mark.django_db

LESS = pytest.mark.parametrize(
    ("change", "held"), [({"status": "canceled"}, 0), ({"quantity": 1}, 1), ({"quantity": 1, "status": "canceled"}, 0)]
)


@LESS
@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
def test_r3_it_succeeds_while_products_is_down(
    customer: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any], held: int, fault: str
) -> None:
    order = place(lamp)
    setattr(products, fault, True)

    response = customer.patch(address(order), change)

    assert response.status_code == 200
    assert response.json().items() >= change.items()


@LESS
def test_r3_it_is_due_at_once_and_given_back_when_products_answers_again(
    customer: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any], held: int
) -> None:
    order = place(lamp)
    products.unreachable = True
    customer.patch(address(order), change)
    due_at = read(order).next_sync_at
    assert due_at is not None
    assert due_at <= timezone.now()
    reconcile()
    assert sync(order) == (2, 1, True)
    products.unreachable = False

    reconcile_later()

    assert sync(order) == (2, 2, False)
    assert products.reserved(order.reservation_id) == held
    assert agrees(products, lamp)


@LESS
def test_r3_the_request_itself_asks_nobody(
    customer: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any], held: int
) -> None:
    order = place(lamp)

    customer.patch(address(order), change)

    assert asked(products) == [(2, 1)]
    reconcile()
    assert asked(products) == [(2, 1), (held, 2)]


def test_canceling_again_gives_nothing_back_twice(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    statuses = [customer.patch(address(order), {"status": "canceled"}).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert read(order).revision == 2
    reconcile()
    assert products.stock(lamp) == 10


def test_an_order_that_is_reduced_twice_before_it_is_pushed_ends_at_the_last_quantity(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(address(order), {"quantity": 3})
    customer.patch(address(order), {"quantity": 1})

    reconcile()

    assert asked(products) == [(5, 1), (1, 3)]
    assert agrees(products, lamp)


def test_a_withdrawn_products_units_are_given_back_too(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.products[lamp].is_active = False

    customer.patch(address(order), {"status": "canceled"})
    reconcile()

    assert products.stock(lamp) == 10


def test_fewer_units_may_be_shipped_at_once(clerk: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    response = clerk.patch(address(order), {"quantity": 1, "status": "shipped"})

    assert (response.json()["status"], response.json()["quantity"]) == ("shipped", 1)
    reconcile()
    assert agrees(products, lamp)


def test_an_order_may_be_shipped_before_its_decrease_is_acknowledged(
    clerk: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.unreachable = True
    clerk.patch(address(order), {"quantity": 1})

    response = clerk.patch(address(order), {"status": "shipped"})

    assert response.status_code == 200
    assert sync(order) == (2, 1, True)
    products.unreachable = False
    reconcile()
    assert agrees(products, lamp)


def test_a_canceled_order_shows_what_was_ordered(customer: APIClient, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)

    shown = customer.get(address(order)).json()

    assert (shown["status"], shown["quantity"], shown["total_price"]) == ("canceled", 2, "39.80")


def test_a_lost_acknowledgment_is_asked_for_again(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    customer.patch(address(order), {"status": "canceled"})
    products.lose_answers()
    reconcile()

    reconcile_later()

    assert asked(products) == [(2, 1), (0, 2), (0, 2)]
    assert agrees(products, lamp)
