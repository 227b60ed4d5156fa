"""R7: after one of the databases was restored from a backup, nothing goes on below a revision that was seen."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from config import clients
from orders.models import Order
from orders.states import Failure
from products_client import ReservationRequest
from service_kit.testing.log_lines import LogLines
from service_kit.testing.problems import assert_problem
from tests.fake_products_api import FakeProductsApi
from tests.world import (
    ORDERS,
    address,
    agrees,
    alerts,
    place,
    read,
    reconcile,
    reconcile_later,
    stuck_order,
    unfinished_order,
)

pytestmark = pytest.mark.django_db


def reserve(order: Order, *, quantity: int, revision: int) -> None:
    """Have units held for an order as it was before its database was restored."""
    clients.products().put_reservations(
        [ReservationRequest(id=order.reservation_id, product_id=order.product_id, quantity=quantity, revision=revision)]
    )


@pytest.mark.parametrize(
    ("quantity", "revision"), [(0, 2), (7, 5), (1, 1)], ids=["later, released", "later, held", "other words"]
)
def test_r7_a_placing_that_products_knows_otherwise_is_given_up_above_that_and_somebody_is_told(
    customer: APIClient,
    products: FakeProductsApi,
    lamp: int,
    logged: LogLines,
    quantity: int,
    revision: int,
) -> None:
    stuck = stuck_order(lamp, key="k")
    reserve(stuck, quantity=quantity, revision=revision)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert_problem(response, status=503, slug="order-not-placed")
    assert (read(stuck).failure, read(stuck).revision) == (Failure.ABORTED, revision + 1)
    assert alerts(logged) == ["reservation is ahead of its order: was a database restored?"]
    reconcile()
    assert agrees(products, lamp)


def test_r7_a_placing_that_was_only_overtaken_alarms_nobody(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    stuck = stuck_order(lamp, key="k")

    def overtake(_: object) -> None:
        products.on_request = lambda _: None
        reconcile_later()

    products.on_request = overtake

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert_problem(response, status=503, slug="order-not-placed")
    assert read(stuck).revision == 2
    assert alerts(logged) == []
    assert agrees(products, lamp)


def test_r7_an_increase_below_the_known_revision_is_dropped_above_it_and_somebody_is_told(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = place(lamp)
    reserve(order, quantity=7, revision=6)

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert (read(order).quantity, read(order).revision) == (2, 7)
    assert alerts(logged) == ["reservation is ahead of its order: was a database restored?"]
    reconcile()
    assert agrees(products, lamp)


def test_r7_an_increase_at_a_revision_with_other_words_is_dropped_above_it(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = place(lamp)
    reserve(order, quantity=7, revision=2)

    response = customer.patch(address(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert read(order).revision == 3
    assert len(alerts(logged)) == 1
    reconcile()
    assert agrees(products, lamp)


@pytest.mark.parametrize(("quantity", "revision"), [(7, 6), (7, 2)], ids=["later", "other words"])
def test_r7_a_release_below_the_known_revision_is_pushed_above_it(
    customer: APIClient,
    products: FakeProductsApi,
    lamp: int,
    logged: LogLines,
    quantity: int,
    revision: int,
) -> None:
    order = place(lamp)
    reserve(order, quantity=quantity, revision=revision)
    customer.patch(address(order), {"status": "canceled"})

    reconcile()

    assert alerts(logged) == ["product_service disagrees: was a database restored?"]
    assert read(order).revision == revision + 1
    reconcile_later()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_r7_products_that_were_restored_to_before_the_reserve_learn_of_the_release(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    restore = products.snapshot()
    order = place(lamp)
    restore()

    customer.patch(address(order), {"status": "canceled"})
    reconcile()

    assert agrees(products, lamp)


def test_r7_a_tombstone_below_the_known_revision_is_pushed_above_it(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = unfinished_order(lamp, age=timedelta(seconds=11))
    reserve(order, quantity=7, revision=9)

    reconcile()
    reconcile_later()

    assert read(order).revision == 10
    assert len(alerts(logged)) == 1
    assert agrees(products, lamp)
