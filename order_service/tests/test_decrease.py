"""R3, un-promise before you give back: a cancel or a decrease holds at once, and is pushed until acknowledged."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from orders.states import Status
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, reconcile, reconcile_later, requested, sync_state
from tests.factories import order_in, order_url, place, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
@pytest.mark.parametrize(
    ("change", "held"), [({"status": "canceled"}, 0), ({"quantity": 1}, 1), ({"quantity": 1, "status": "canceled"}, 0)]
)
def test_r3_it_holds_while_product_service_is_down_and_is_pushed_when_that_answers_again(
    customer: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any], held: int, fault: str
) -> None:
    order = place(lamp)
    setattr(products, fault, True)
    response = customer.patch(order_url(order), change)
    assert response.status_code == 200
    assert response.json().items() >= change.items()
    assert len(products.requests) == 1
    due_at = read(order).next_sync_at
    assert due_at is not None
    assert due_at <= timezone.now()
    reconcile()
    assert sync_state(order) == (2, 1, True)
    setattr(products, fault, False)

    reconcile_later()

    assert sync_state(order) == (2, 2, False)
    assert products.reserved(order.reservation_id) == held
    assert agrees(products, lamp)


def test_a_repeated_cancel_releases_nothing_twice(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    statuses = [customer.patch(order_url(order), {"status": "canceled"}).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert read(order).revision == 2
    reconcile()
    assert products.stock(lamp) == 10


def test_an_order_that_is_reduced_twice_before_it_is_pushed_ends_at_the_last_quantity(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(order_url(order), {"quantity": 3})
    customer.patch(order_url(order), {"quantity": 1})

    reconcile()

    assert requested(products) == [(5, 1), (1, 3)]
    assert agrees(products, lamp)


def test_units_of_an_inactive_product_are_released_too(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.products[lamp].is_active = False

    customer.patch(order_url(order), {"status": "canceled"})
    reconcile()

    assert products.stock(lamp) == 10


def test_an_order_may_be_shipped_before_its_decrease_is_acknowledged(
    clerk: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)
    products.unreachable = True
    clerk.patch(order_url(order), {"quantity": 1})

    response = clerk.patch(order_url(order), {"status": "shipped"})

    assert response.status_code == 200
    assert sync_state(order) == (2, 1, True)
    products.unreachable = False
    reconcile()
    assert agrees(products, lamp)


def test_a_canceled_order_shows_what_was_ordered(customer: APIClient, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)

    shown = customer.get(order_url(order)).json()

    assert (shown["status"], shown["quantity"], shown["total_price"]) == ("canceled", 2, "39.80")


def test_a_push_without_an_answer_is_repeated(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    customer.patch(order_url(order), {"status": "canceled"})
    products.lose_answers()
    reconcile()

    reconcile_later()

    assert requested(products) == [(2, 1), (0, 2), (0, 2)]
    assert agrees(products, lamp)
