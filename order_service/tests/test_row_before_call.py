"""R1, the row before the call: the database during a call of product_service."""

import httpx
import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Placement, Status
from products_stand_in.api import FakeProductsApi
from tests.checks import reconcile_later
from tests.factories import ORDERS, order_in, order_url, place, placing_order, stuck_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_transaction(products: FakeProductsApi) -> list[bool]:
    """Whether a transaction was open, at every call of product_service."""
    seen: list[bool] = []
    products.on_request = lambda _: seen.append(connection.in_atomic_block)
    return seen


@pytest.mark.parametrize("is_resumed", [False, True])
def test_r1_no_transaction_is_open_during_the_call_of_a_placement(
    customer: APIClient, in_transaction: list[bool], lamp: int, is_resumed: bool
) -> None:
    if is_resumed:
        stuck_order(lamp, key="k")

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert response.status_code == 201
    assert in_transaction == [False]


def test_r1_nothing_is_called_in_an_open_transaction(products: FakeProductsApi, lamp: int) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        place(lamp)

    assert products.requests == []
    assert not Order.objects.exists()


def test_r1_none_is_open_during_an_increase(customer: APIClient, in_transaction: list[bool], lamp: int) -> None:
    order = place(lamp)

    response = customer.patch(order_url(order), {"quantity": 5})

    assert response.status_code == 200
    assert in_transaction == [False, False]


def test_r1_none_is_open_during_a_push(in_transaction: list[bool], lamp: int) -> None:
    placing_order(lamp)
    order_in(Status.CANCELED, lamp)
    in_transaction.clear()

    assert reconcile_later() == 2

    assert in_transaction == [False]


@pytest.mark.postgresql("SQLite in memory is one connection")
def test_r1_another_process_sees_the_row_during_the_call(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    seen: list[tuple[str, int]] = []

    def look(_: httpx.Request) -> None:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT placement, revision FROM orders_order")
                seen.extend(cursor.fetchall())
        finally:
            other.close()

    products.on_request = look

    customer.post(ORDERS, {"product_id": lamp, "quantity": 2})

    assert seen == [(Placement.PLACING, 1)]
    assert Order.objects.get().placement == Placement.LIVE
