"""What belongs together is recorded in one transaction, and rows that another instance holds are left to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from pytest_django import Settings

from orders.errors import OutcomeUnknown
from orders.models import Order
from orders.placement import place_group
from orders.reconciler import cancel_old_once, decide_once, push_once, reconcile_once
from orders.states import Placement, Status
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, reconcile, reconcile_later, sync_state
from tests.factories import DUE, LONG_AGO, draft, increasing_order, live_order, order_in, placing_order, read
from tests.failing_database import failing_at

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS_WITHIN = 20  # seconds


def old_placement(lamp: int) -> Order:
    return placing_order(lamp, age=DUE)


def canceled(lamp: int) -> Order:
    return order_in(Status.CANCELED, lamp)


def test_the_outcomes_of_a_push_are_recorded_together_or_not_at_all(products: FakeProductsApi, lamp: int) -> None:
    orders = [canceled(lamp), canceled(lamp)]

    with failing_at("UPDATE", after=2), pytest.raises(OperationalError):  # the claim, and the first acknowledgement
        push_once()

    assert [sync_state(order) for order in orders] == [(2, 1, True)] * 2
    reconcile_later()
    assert agrees(products, lamp)


def test_undecided_orders_are_decided_together_or_not_at_all(lamp: int) -> None:
    placing, increasing = old_placement(lamp), increasing_order(lamp, age=DUE)

    with failing_at("UPDATE", after=1), pytest.raises(OperationalError):
        decide_once()

    assert read(placing).placement == Placement.PLACING
    assert read(increasing).target_quantity == 5


def test_different_outcomes_of_a_group_are_recorded_together_or_not_at_all(
    products: FakeProductsApi, lamp: int
) -> None:
    with failing_at("UPDATE"):  # the refusal, after the other order was made live
        answers = place_group([draft(lamp, 2), draft(lamp, 99)])

    assert [type(answer) for answer in answers] == [OutcomeUnknown] * 2
    assert set(Order.objects.values_list("placement", flat=True)) == {Placement.PLACING}
    reconcile_later()
    reconcile()
    assert agrees(products, lamp)


def on_its_own_connection(step: Callable[[], int]) -> int:
    try:
        return step()
    finally:
        connection.close()


@pytest.mark.postgresql("SQLite in memory is one connection")
@pytest.mark.parametrize("begin", [old_placement, canceled])
def test_a_step_leaves_rows_that_another_instance_holds_to_it(
    products: FakeProductsApi, lamp: int, begin: Callable[[int], Order]
) -> None:
    held, free = begin(lamp), begin(lamp)

    with ThreadPoolExecutor(1) as thread, transaction.atomic():
        Order.objects.select_for_update().get(pk=held.pk)
        pushed = thread.submit(on_its_own_connection, reconcile_once).result(ANSWERS_WITHIN)

    assert pushed == 1
    assert sync_state(free) == (2, 2, False)
    assert not read(held).is_settled


@pytest.mark.postgresql("SQLite in memory is one connection")
def test_old_orders_that_somebody_else_holds_are_not_waited_for(lamp: int, settings: Settings) -> None:
    settings.CANCEL_PENDING_AFTER = 3600.0
    held, free = (live_order(product_id=lamp, created_at=LONG_AGO) for _ in range(2))

    with ThreadPoolExecutor(1) as thread, transaction.atomic():
        Order.objects.select_for_update().get(pk=held.pk)
        canceled = thread.submit(on_its_own_connection, cancel_old_once).result(ANSWERS_WITHIN)

    assert canceled == 1
    assert (read(held).status, read(free).status) == (Status.PENDING, Status.CANCELED)


@pytest.mark.parametrize("step", [decide_once, push_once, cancel_old_once])
def test_a_step_is_committed_by_itself_or_refused(step: Callable[[], int]) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        step()
    assert step() == 0, "an idle loop would not rest"
