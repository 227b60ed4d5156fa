"""Pending orders that are too old are canceled by the reconciler, where a shop wants that."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from orders.models import Order
from orders.reconciler import cancel_old_once
from orders.states import Status
from products_client import MAX_BATCH
from products_stand_in.api import FakeProductsApi
from service_kit.testing.counting import Counting
from tests.checks import agrees, reconcile
from tests.factories import increasing_order, live_order, order_in, place, placing_order, read

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _an_hour(settings: Settings) -> None:
    """A shop that cancels what has been pending for an hour."""
    settings.CANCEL_PENDING_AFTER = HOUR.total_seconds()


def aged(order: Order, age: timedelta = HOUR + timedelta(seconds=1)) -> Order:
    Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - age)
    return order


def test_an_order_that_has_been_pending_for_too_long_is_canceled_and_its_units_released(
    products: FakeProductsApi, lamp: int
) -> None:
    old, young = aged(place(lamp)), aged(place(lamp, 3), HOUR - timedelta(minutes=1))
    counting = Counting()

    assert cancel_old_once() == 1

    reconcile()
    assert (read(old).status, read(young).status) == ("canceled", "pending")
    assert counting.of("reconciler_canceled_total") == {"": 1}
    assert products.held(lamp) == 3
    assert agrees(products, lamp)


@pytest.mark.parametrize(
    "begin",
    [*(partial(order_in, status) for status in Status if status != Status.PENDING), placing_order],
    ids=["shipped", "delivered", "canceled", "being placed"],
)
def test_an_order_that_is_not_pending_stays_as_it_is(
    products: FakeProductsApi, lamp: int, begin: Callable[[int], Order]
) -> None:
    order = aged(begin(lamp))
    before = read(order)

    assert cancel_old_once() == 0
    after = read(order)
    assert (after.status, after.placement, after.revision) == (before.status, before.placement, before.revision)


def test_a_cancel_supersedes_an_increase_in_flight(products: FakeProductsApi, lamp: int) -> None:
    order = aged(increasing_order(lamp))

    assert cancel_old_once() == 1

    reconcile()
    assert (read(order).status, read(order).target_quantity) == ("canceled", None)
    assert agrees(products, lamp)


def test_many_are_canceled_in_batches_the_oldest_first() -> None:
    old = timezone.now() - 2 * HOUR
    orders = [live_order(created_at=old - timedelta(seconds=number)) for number in range(MAX_BATCH + 5)]

    assert [cancel_old_once(), cancel_old_once(), cancel_old_once()] == [MAX_BATCH, 5, 0]

    first_batch = {read(order).updated_at for order in orders[5:]}
    assert max(first_batch) < min(read(order).updated_at for order in orders[:5])


@pytest.mark.parametrize(("seconds", "status"), [(3600.0, "canceled"), (0.0, "pending")], ids=["on", "off"])
def test_the_command_cancels_only_where_a_shop_wants_that(
    products: FakeProductsApi, lamp: int, settings: Settings, seconds: float, status: str
) -> None:
    settings.CANCEL_PENDING_AFTER = seconds
    order = aged(place(lamp))

    call_command("run_reconciler", once=True)

    assert read(order).status == status


def test_the_age_is_that_of_the_databases_clock(lamp: int, products: FakeProductsApi) -> None:
    order = place(lamp)

    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert cancel_old_once() == 0

    assert read(order).status == "pending"
