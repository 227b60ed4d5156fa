"""The reconciler: undecided orders are decided, unsynced ones pushed, and nothing is done twice or too early."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from orders.events import BY_SYSTEM
from orders.models import Order
from orders.reconciler import reconcile_once
from orders.states import Failure, Placement, Status
from products_client import MAX_BATCH
from products_stand_in.api import FakeProductsApi
from service_kit.testing.counting import Counting
from service_kit.testing.log_lines import LogLines
from tests.checks import agrees, alerts, reconcile, reconcile_later, requested, reserve, sync_state
from tests.factories import DUE, ORDERS, increasing_order, order_in, order_url, place, placing_order, read

pytestmark = pytest.mark.django_db


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize("reserve_arrived", [True, False])
def test_a_placement_older_than_ten_seconds_is_aborted_and_its_units_released(
    products: FakeProductsApi, lamp: int, reserve_arrived: bool
) -> None:
    order = placing_order(lamp, age=DUE)
    if reserve_arrived:
        reserve(order, quantity=2, revision=1)

    assert reconcile_once() == 1

    assert (read(order).placement, read(order).failure) == (Placement.FAILED, Failure.ABORTED)
    assert sync_state(order) == (2, 2, False)
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_reservation_that_arrives_after_its_tombstone_holds_nothing_and_its_order_stays_invisible(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = placing_order(lamp, age=DUE)
    reconcile()

    reserve(order, quantity=2, revision=1)

    assert products.stock(lamp) == 10
    assert requested(products) == [(0, 2), (2, 1)]
    assert customer.get(order_url(order)).status_code == 404
    assert customer.get(ORDERS).json()["results"] == []


@pytest.mark.parametrize("reserve_arrived", [True, False])
def test_an_increase_older_than_ten_seconds_is_dropped_its_units_released_and_it_can_be_tried_again(
    customer: APIClient, products: FakeProductsApi, lamp: int, reserve_arrived: bool
) -> None:
    order = increasing_order(lamp, age=DUE)
    if reserve_arrived:
        reserve(order, quantity=5, revision=2)

    reconcile()

    assert (read(order).quantity, read(order).target_quantity, read(order).status) == (2, None, Status.PENDING)
    assert sync_state(order) == (3, 3, False)
    assert agrees(products, lamp)
    assert customer.patch(order_url(order), {"quantity": 5}).status_code == 200


@pytest.mark.parametrize("begin", [placing_order, increasing_order])
def test_a_younger_one_is_left_alone(products: FakeProductsApi, lamp: int, begin: Callable[..., Order]) -> None:
    order = begin(lamp, age=seconds(9))
    calls = len(products.requests)

    assert reconcile_once() == 0

    assert (read(order).placement, read(order).target_quantity) == (order.placement, order.target_quantity)
    assert len(products.requests) == calls


def test_undecided_orders_are_decided_while_product_service_is_down(products: FakeProductsApi, lamp: int) -> None:
    placing, increase = placing_order(lamp, age=DUE), increasing_order(lamp, age=DUE)
    products.unreachable = True

    reconcile()

    assert read(placing).failure == Failure.ABORTED
    assert read(increase).target_quantity is None
    products.unreachable = False
    reconcile_later()
    assert agrees(products, lamp)


def test_a_push_is_acknowledged_once_and_then_nobody_is_called(products: FakeProductsApi, lamp: int) -> None:
    place(lamp)
    order = order_in(Status.CANCELED, lamp)
    reconcile()
    calls = len(products.requests)

    assert reconcile_later(3600) == 0

    assert sync_state(order) == (2, 2, False)
    assert len(products.requests) == calls


def test_a_step_pushes_as_many_rows_as_one_call_can_carry(products: FakeProductsApi, lamp: int) -> None:
    for _ in range(MAX_BATCH + 1):
        placing_order(lamp, age=DUE)

    assert reconcile_once() == MAX_BATCH
    assert len(products.requests) == 1
    assert reconcile_once() == 1
    assert agrees(products, lamp)


def test_the_longest_waiting_orders_come_first(products: FakeProductsApi, lamp: int) -> None:
    for age in (10, 30, 20, *([15] * MAX_BATCH)):
        placing_order(lamp, age=seconds(age), quantity=age)

    reconcile_once()

    left = Order.objects.filter(placement=Placement.PLACING)
    assert set(left.values_list("quantity", flat=True)) == {10, 15}
    assert left.count() == 3


def test_a_disagreement_about_one_row_does_not_affect_the_others(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    ahead, fine = order_in(Status.CANCELED, lamp), order_in(Status.CANCELED, lamp)
    reserve(ahead, quantity=7, revision=9)

    reconcile()

    assert sync_state(fine) == (2, 2, False)
    assert sync_state(ahead) == (10, 1, True)
    assert len(alerts(logged)) == 1


def test_r5_synced_is_only_what_agrees_in_quantity(products: FakeProductsApi, lamp: int, logged: LogLines) -> None:
    restore = products.snapshot()
    order = place(lamp, 5)
    restore()
    products.products[lamp].stock = 1
    assert Order.objects.settle(order, quantity=3, status=Status.PENDING, cause=BY_SYSTEM)

    reconcile()

    assert sync_state(order) == (3, 1, True)
    assert alerts(logged) == ["product_service disagrees: was a database restored?"]
    products.products[lamp].stock = 10
    reconcile_later()
    assert products.reserved(order.reservation_id) == 3
    assert agrees(products, lamp)


def test_a_row_that_changes_while_it_is_pushed_is_pushed_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(order_url(order), {"quantity": 3})
    products.on_next_request(lambda: customer.patch(order_url(order), {"quantity": 1}))

    assert reconcile_once() == 1
    assert sync_state(order) == (3, 1, True)

    reconcile()
    assert agrees(products, lamp)


def test_a_crash_between_claim_and_result_loses_nothing(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=DUE)

    def crash(_: object) -> None:
        raise KeyboardInterrupt

    products.on_request = crash
    with pytest.raises(KeyboardInterrupt):
        reconcile_once()
    products.on_request = lambda _: None

    assert read(order).failure == Failure.ABORTED
    assert reconcile_once() == 0
    assert reconcile_later(1) == 1
    assert agrees(products, lamp)


def test_no_other_instance_claims_a_row_before_its_lease_ends(products: FakeProductsApi, lamp: int) -> None:
    order_in(Status.CANCELED, lamp)
    others: list[int] = []
    products.on_next_request(lambda: others.append(reconcile_once()))

    assert reconcile_once() == 1

    assert others == [0]


def test_a_disagreement_about_a_row_that_has_changed_is_no_alert(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = place(lamp, 5)
    customer.patch(order_url(order), {"quantity": 3})

    def overtake() -> None:
        customer.patch(order_url(order), {"quantity": 1})
        reconcile()

    products.on_next_request(overtake)
    counting = Counting()

    reconcile()

    assert alerts(logged) == []
    assert counting.of("reconciler_pushed_total") == {"acknowledged": 1, "superseded": 1}
    assert agrees(products, lamp)
