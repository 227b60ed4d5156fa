"""R1, the row before the call: what is true of the database while products is being asked."""

import httpx
import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Placement, Status
from tests.fake_products_api import FakeProductsApi
from tests.world import ORDERS, address, order_in, place, reconcile_later, stuck_order, unfinished_order

pytestmark = pytest.mark.django_db(transaction=True)


class Witness:
    """Looks at the database at every request to products, as a second process would."""

    def __init__(self) -> None:
        self.in_transaction: list[bool] = []

    def __call__(self, _: httpx.Request) -> None:
        self.in_transaction.append(connection.in_atomic_block)


@pytest.fixture
def witness(products: FakeProductsApi) -> Witness:
    witness = Witness()
    products.on_request = witness
    return witness


def test_r1_no_transaction_is_open_while_products_is_asked_to_place(
    customer: APIClient, witness: Witness, lamp: int
) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert response.status_code == 201
    assert witness.in_transaction == [False]


def test_r1_nobody_is_asked_where_a_transaction_is_open_already(products: FakeProductsApi, lamp: int) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        place(lamp)

    assert products.requests == []
    assert not Order.objects.exists()


def test_r1_none_is_open_while_a_stuck_placing_is_resumed(customer: APIClient, witness: Witness, lamp: int) -> None:
    stuck_order(lamp, key="k")

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert response.status_code == 201
    assert witness.in_transaction == [False]


def test_r1_none_is_open_while_more_is_asked_for(customer: APIClient, witness: Witness, lamp: int) -> None:
    order = place(lamp)

    response = customer.patch(address(order), {"quantity": 5})

    assert response.status_code == 200
    assert witness.in_transaction == [False, False]


def test_r1_none_is_open_while_the_reconciler_pushes(witness: Witness, lamp: int) -> None:
    unfinished_order(lamp)
    order_in(Status.CANCELED, lamp)
    witness.in_transaction.clear()

    assert reconcile_later() == 2

    assert witness.in_transaction == [False]


def test_r1_another_process_sees_the_row_before_products_is_asked(
    customer: APIClient,
    products: FakeProductsApi,
    lamp: int,
    on_postgresql: bool,  # noqa: FBT001 - a fixture
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite in memory is one connection")
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
