"""The reconciler: what is in doubt is decided, what is unsynced is pushed, and nothing is done twice or too early."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from config import clients
from orders.models import Order
from orders.reconciler import reconcile_once
from orders.states import Failure, Placement, Status
from products_client import MAX_BATCH, ReservationRequest
from service_kit.testing.log_lines import LogLines
from tests.fake_products_api import FakeProductsApi
from tests.world import (
    ORDERS,
    address,
    agrees,
    alerts,
    asked,
    increasing_order,
    order_in,
    place,
    read,
    reconcile,
    reconcile_later,
    sync,
    unfinished_order,
)

pytestmark = pytest.mark.django_db


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def arrives(order: Order, *, quantity: int, revision: int) -> None:
    """Let a message that was sent for the order before its process died reach products."""
    item = ReservationRequest(
        id=order.reservation_id, product_id=order.product_id, quantity=quantity, revision=revision
    )
    clients.products().put_reservations([item])


def test_with_nothing_to_do_it_asks_nobody(products: FakeProductsApi, lamp: int) -> None:
    place(lamp)
    calls = len(products.requests)

    assert reconcile_once(clients.products()) == 0

    assert len(products.requests) == calls


@pytest.mark.parametrize("reserve_arrived", [True, False])
def test_a_placing_older_than_ten_seconds_is_given_up_and_its_units_go_back(
    products: FakeProductsApi,
    lamp: int,
    reserve_arrived: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    order = unfinished_order(lamp, age=seconds(10))
    if reserve_arrived:
        arrives(order, quantity=2, revision=1)

    assert reconcile_once(clients.products()) == 1

    assert (read(order).placement, read(order).failure) == (Placement.FAILED, Failure.ABORTED)
    assert sync(order) == (2, 2, False)
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_a_reserve_that_arrives_after_its_tombstone_takes_nothing(products: FakeProductsApi, lamp: int) -> None:
    order = unfinished_order(lamp, age=seconds(10))
    reconcile()

    arrives(order, quantity=2, revision=1)

    assert products.stock(lamp) == 10
    assert asked(products) == [(0, 2), (2, 1)]


def test_a_younger_placing_is_left_alone(products: FakeProductsApi, lamp: int) -> None:
    order = unfinished_order(lamp, age=seconds(9))

    assert reconcile_once(clients.products()) == 0

    assert read(order).placement == Placement.PLACING
    assert products.requests == []


def test_an_increase_older_than_ten_seconds_is_reverted_and_its_units_go_back(
    products: FakeProductsApi, lamp: int
) -> None:
    order = increasing_order(lamp, age=seconds(10))
    arrives(order, quantity=5, revision=2)

    reconcile()

    assert (read(order).quantity, read(order).target_quantity) == (2, None)
    assert sync(order) == (3, 3, False)
    assert agrees(products, lamp)


def test_a_younger_increase_is_left_alone(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp, age=seconds(9))

    assert reconcile_once(clients.products()) == 0

    assert read(order).target_quantity == 5


def test_what_was_in_doubt_is_decided_even_while_products_is_down(products: FakeProductsApi, lamp: int) -> None:
    placing, increase = unfinished_order(lamp, age=seconds(10)), increasing_order(lamp, age=seconds(10))
    products.unreachable = True

    reconcile()

    assert read(placing).failure == Failure.ABORTED
    assert read(increase).target_quantity is None
    products.unreachable = False
    reconcile_later()
    assert agrees(products, lamp)


def test_a_push_is_acknowledged_once_and_not_repeated(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    reconcile()
    calls = len(products.requests)

    assert reconcile_later(3600) == 0

    assert sync(order) == (2, 2, False)
    assert len(products.requests) == calls


def test_many_rows_are_pushed_by_one_call(products: FakeProductsApi, lamp: int) -> None:
    products.products[lamp].stock = 200
    for _ in range(3):
        order_in(Status.CANCELED, lamp, 1)
    calls = len(products.requests)

    assert reconcile_once(clients.products()) == 3

    assert len(products.requests) == calls + 1
    assert agrees(products, lamp, delivered=200)


def test_a_step_takes_as_many_rows_as_a_call_may_carry(products: FakeProductsApi, lamp: int) -> None:
    for _ in range(MAX_BATCH + 1):
        unfinished_order(lamp, age=seconds(10))

    assert reconcile_once(clients.products()) == MAX_BATCH
    assert reconcile_once(clients.products()) == 1
    assert agrees(products, lamp)


def test_what_has_waited_longest_comes_first(products: FakeProductsApi, lamp: int) -> None:
    for age in (10, 30, 20, *([15] * MAX_BATCH)):
        unfinished_order(lamp, age=seconds(age), quantity=age)

    reconcile_once(clients.products())

    left = Order.objects.filter(placement=Placement.PLACING)
    assert set(left.values_list("quantity", flat=True)) == {10, 15}
    assert left.count() == 3


def test_one_row_that_products_refuses_does_not_spoil_its_neighbours(
    products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    ahead, fine = order_in(Status.CANCELED, lamp), order_in(Status.CANCELED, lamp)
    arrives(ahead, quantity=7, revision=9)

    reconcile()

    assert sync(fine) == (2, 2, False)
    assert sync(ahead) == (10, 1, True)
    assert len(alerts(logged)) == 1


def test_r5_synced_is_only_what_agrees_in_quantity(products: FakeProductsApi, lamp: int, logged: LogLines) -> None:
    restore = products.snapshot()
    order = place(lamp, 5)
    restore()
    products.products[lamp].stock = 1
    services_decrease(order, 3)

    reconcile()

    assert sync(order) == (3, 1, True)
    assert alerts(logged) == ["product_service disagrees: was a database restored?"]
    products.products[lamp].stock = 10
    reconcile_later()
    assert products.reserved(order.reservation_id) == 3
    assert agrees(products, lamp)


def services_decrease(order: Order, quantity: int) -> None:
    assert Order.objects.settle(order, quantity=quantity, status=Status.PENDING, now=timezone.now())


def test_a_row_that_changes_while_it_is_pushed_is_pushed_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp, 5)
    customer.patch(address(order), {"quantity": 3})

    def reduce_more(_: object) -> None:
        products.on_request = lambda _: None
        customer.patch(address(order), {"quantity": 1})

    products.on_request = reduce_more

    assert reconcile_once(clients.products()) == 1
    assert sync(order) == (3, 1, True)

    reconcile()
    assert agrees(products, lamp)


def test_a_crash_between_claim_and_record_loses_nothing(products: FakeProductsApi, lamp: int) -> None:
    order = unfinished_order(lamp, age=seconds(10))

    def crash(_: object) -> None:
        raise KeyboardInterrupt

    products.on_request = crash
    with pytest.raises(KeyboardInterrupt):
        reconcile_once(clients.products())
    products.on_request = lambda _: None

    assert read(order).failure == Failure.ABORTED
    assert reconcile_once(clients.products()) == 0
    assert reconcile_later(1) == 1
    assert agrees(products, lamp)


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(products: FakeProductsApi, lamp: int) -> None:
    order_in(Status.CANCELED, lamp)
    others: list[int] = []

    def look(_: object) -> None:
        products.on_request = lambda _: None
        others.append(reconcile_once(clients.products()))

    products.on_request = look

    assert reconcile_once(clients.products()) == 1

    assert others == [0]


def test_an_aborted_order_stays_invisible(customer: APIClient, lamp: int) -> None:
    order = unfinished_order(lamp, age=seconds(10))
    reconcile()

    assert customer.get(address(order)).status_code == 404
    assert customer.get(ORDERS).json()["results"] == []


def test_a_disagreement_about_a_row_that_has_moved_on_alarms_nobody(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    order = place(lamp, 5)
    customer.patch(address(order), {"quantity": 3})

    def overtake(_: object) -> None:
        products.on_request = lambda _: None
        customer.patch(address(order), {"quantity": 1})
        reconcile()

    products.on_request = overtake

    reconcile()

    assert alerts(logged) == []
    assert agrees(products, lamp)
