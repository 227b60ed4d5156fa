"""A read finds, and a transition changes, the order that was named, and no other that looks the same."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.errors import OrderNotFound
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Failure, Status
from tests.factories import increasing_order, order_in, place, placing_order

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Order]
Transition = Callable[[Order], bool | int]


def canceled(lamp: int) -> Order:
    return order_in(Status.CANCELED, lamp)


def columns_of(order: Order) -> Mapping[str, object]:
    return Order.objects.filter(pk=order.pk).values().get()


def confirm(order: Order) -> int:
    order.product_name, order.unit_price = "Desk lamp", Decimal("19.90")
    return Order.objects.confirm([order])


def reject(order: Order) -> int:
    return Order.objects.reject([order.pk], failure=Failure.INSUFFICIENT_STOCK)


def abort(order: Order) -> int:
    return Order.objects.abort([order.pk])


def settle(order: Order) -> bool:
    return Order.objects.settle(order, quantity=1, status=order.state, cause=BY_SYSTEM)


def begin_increase(order: Order) -> bool:
    return Order.objects.begin_increase(order, increase=order.with_target(5))


def finish_increase(order: Order) -> bool:
    return Order.objects.finish_increase(order, status=order.state, cause=BY_SYSTEM)


def drop_increase(order: Order) -> bool:
    return Order.objects.drop_increase(order, seen=order.revision, held=None)


def acknowledge(order: Order) -> bool:
    return Order.objects.acknowledge(order)


def raise_revision(order: Order) -> bool:
    return Order.objects.raise_revision(order, above=order.revision)


def push_again(order: Order) -> bool:
    return Order.objects.push_again(order, above=order.revision)


every_transition = pytest.mark.parametrize(
    ("begin", "transition"),
    [
        (placing_order, confirm),
        (placing_order, reject),
        (placing_order, abort),
        (place, settle),
        (place, begin_increase),
        (increasing_order, finish_increase),
        (increasing_order, drop_increase),
        (canceled, acknowledge),
        (canceled, raise_revision),
        (canceled, push_again),
    ],
)


@every_transition
def test_a_transition_leaves_an_order_in_the_same_state_alone(lamp: int, begin: Begin, transition: Transition) -> None:
    order, other = begin(lamp), begin(lamp)
    before = columns_of(other)

    moved = transition(order)

    assert moved == 1
    assert columns_of(other) == before


@every_transition
def test_a_transition_of_a_row_that_has_changed_is_lost(lamp: int, begin: Begin, transition: Transition) -> None:
    order = begin(lamp)
    Order.objects.filter(pk=order.pk).update(revision=7, next_sync_at=timezone.now())
    before = columns_of(order)

    moved = transition(order)

    assert moved == 0
    assert columns_of(order) == before


@pytest.mark.parametrize(
    ("begin", "transition"),
    [(place, settle), (place, begin_increase), (canceled, acknowledge), (canceled, push_again)],
)
def test_what_is_due_next_is_tried_as_for_the_first_time(lamp: int, begin: Begin, transition: Transition) -> None:
    order = begin(lamp)
    Order.objects.filter(pk=order.pk).update(attempts=9)

    transition(order)

    assert columns_of(order)["attempts"] == 0


def test_an_order_is_found_by_its_id_among_several(lamp: int) -> None:
    place(lamp)
    order = place(lamp)

    assert Order.objects.one(order.pk) == order


def test_an_unknown_id_is_not_found_where_there_is_one_order(lamp: int) -> None:
    order = place(lamp)

    with pytest.raises(OrderNotFound):
        Order.objects.one(order.pk + 1)
