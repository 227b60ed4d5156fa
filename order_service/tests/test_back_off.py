"""The reconciler's back-off: exponential and random, at most 10.5 s, and without an end."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from orders.events import BY_SYSTEM
from orders.models import Order
from orders.reconciler import reconcile_once
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, sync_state
from tests.factories import order_in, read

pytestmark = pytest.mark.django_db

SHORTEST = timedelta(seconds=0.5)


def due_at(order: Order) -> datetime:
    moment = read(order).next_sync_at
    assert moment is not None
    return moment


def wait_after(order: Order, *, attempts: int) -> timedelta:
    """Return the wait before the next attempt after so many failed ones."""
    now = timezone.now()
    Order.objects.filter(pk=order.pk).update(attempts=attempts, next_sync_at=now)
    assert reconcile_once(now=now) == 1
    return due_at(order) - now


@pytest.mark.parametrize(
    ("attempts", "longest"), [(0, 1.0), (1, 1.5), (2, 2.5), (3, 4.5), (4, 8.5), (5, 10.5), (6, 10.5), (1_000_000, 10.5)]
)
def test_each_wait_is_random_within_its_bounds(
    products: FakeProductsApi, lamp: int, attempts: int, longest: float
) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True

    waits = [wait_after(order, attempts=attempts) for _ in range(20)]

    assert all(SHORTEST <= wait <= timedelta(seconds=longest) for wait in waits)
    # One of a million runs has 20 waits in the lower half, which a back-off that does not grow has always.
    assert max(waits) > (SHORTEST + timedelta(seconds=longest)) / 2


def test_each_attempt_is_counted_until_one_succeeds(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True
    wait_after(order, attempts=7)
    counted = read(order).attempts
    products.unreachable = False

    wait_after_success = timezone.now() + timedelta(seconds=11)
    reconcile_once(now=wait_after_success)

    assert (counted, read(order).attempts) == (8, 0)


def test_a_new_change_does_not_wait_for_the_back_off_of_an_old_one(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.PENDING, lamp, 5)
    Order.objects.settle(order, quantity=3, status=Status.PENDING, cause=BY_SYSTEM)
    products.unreachable = True
    wait_after(order, attempts=9)
    products.unreachable = False

    Order.objects.settle(read(order), quantity=1, status=Status.PENDING, cause=BY_SYSTEM)

    assert reconcile_once() == 1
    assert agrees(products, lamp)


def test_it_never_gives_up_and_is_done_within_15_seconds_of_products_coming_back(
    products: FakeProductsApi, lamp: int
) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True
    for _ in range(200):  # about 20 minutes
        attempted_at = due_at(order)
        assert reconcile_once(now=attempted_at) == 1
    products.unreachable = False

    assert reconcile_once(now=attempted_at + timedelta(seconds=11)) == 1

    assert sync_state(order) == (2, 2, False)
    assert agrees(products, lamp)


def test_a_row_is_left_alone_until_it_is_due(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True
    reconcile_once()

    assert reconcile_once(now=due_at(order) - timedelta(milliseconds=1)) == 0
