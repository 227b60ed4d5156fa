"""R7: after a database was restored from a backup, nothing is pushed below a revision that was seen."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from orders.states import Failure
from products_stand_in.api import FakeProductsApi
from service_kit.testing.log_lines import LogLines
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, alerts, reconcile, reconcile_later, reserve, sync_state
from tests.factories import ORDERS, order_url, place, placing_order, read, stuck_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("quantity", "revision"), [(0, 2), (7, 5), (1, 1)], ids=["later, released", "later, held", "other content"]
)
def test_r7_a_placement_below_the_known_revision_is_aborted_above_it_with_an_alert(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines, quantity: int, revision: int
) -> None:
    stuck = stuck_order(lamp, key="k")
    reserve(stuck, quantity=quantity, revision=revision)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert_problem(response, status=503, slug="order-not-placed")
    assert (read(stuck).failure, read(stuck).revision) == (Failure.ABORTED, revision + 1)
    assert alerts(logged) == ["reservation is ahead of its order: was a database restored?"]
    reconcile()
    assert agrees(products, lamp)


def test_r7_a_placement_that_the_reconciler_aborted_first_is_no_alert(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    stuck = stuck_order(lamp, key="k")
    products.on_next_request(reconcile_later)

    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Idempotency-Key": "k"})

    assert_problem(response, status=503, slug="order-not-placed")
    assert read(stuck).revision == 2
    assert alerts(logged) == []
    assert agrees(products, lamp)


@pytest.fixture(params=[6, 2], ids=["later", "other content"])
def outdated(request: pytest.FixtureRequest, lamp: int) -> tuple[Order, int]:
    """An order from a backup, and the revision up to which its reservation has come since."""
    order = place(lamp)
    reserve(order, quantity=7, revision=request.param)
    return order, request.param


def test_r7_an_increase_below_the_known_revision_is_dropped_above_it_with_an_alert(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines, outdated: tuple[Order, int]
) -> None:
    order, revision = outdated

    response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=503, slug="order-not-changed")
    assert (read(order).quantity, read(order).revision) == (2, revision + 1)
    assert alerts(logged) == ["reservation is ahead of its order: was a database restored?"]
    reconcile()
    assert agrees(products, lamp)


def test_r7_a_release_below_the_known_revision_is_pushed_above_it(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines, outdated: tuple[Order, int]
) -> None:
    order, revision = outdated
    customer.patch(order_url(order), {"status": "canceled"})

    reconcile()

    assert alerts(logged) == ["product_service disagrees: was a database restored?"]
    assert read(order).revision == revision + 1
    reconcile_later()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_r7_a_product_service_restored_to_before_the_reservation_gets_the_release(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    restore = products.snapshot()
    order = place(lamp)
    restore()

    customer.patch(order_url(order), {"status": "canceled"})
    reconcile()

    assert agrees(products, lamp)


def test_r7_a_tombstone_below_the_known_revision_is_pushed_above_it(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = placing_order(lamp, age=timedelta(seconds=11))
    reserve(order, quantity=7, revision=9)

    reconcile()
    reconcile_later()

    assert read(order).revision == 10
    assert len(alerts(logged)) == 1
    assert agrees(products, lamp)


def test_r7_a_release_that_another_product_has_taken_the_revision_of_is_not_acknowledged(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    chair = products.add_product(name="Chair")
    restore = products.snapshot()
    order = place(lamp)
    restore()
    reserve(order, product_id=chair, quantity=0, revision=2)
    customer.patch(order_url(order), {"status": "canceled"})

    reconcile()

    assert sync_state(order) == (3, 1, True)
    assert alerts(logged) == ["product_service disagrees: was a database restored?"]
