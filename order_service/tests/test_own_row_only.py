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


TRANSITIONS: dict[str, tuple[Begin, Transition]] = {
    "confirm": (placing_order, confirm),
    "reject": (placing_order, lambda row: Order.objects.reject([row.pk], failure=Failure.INSUFFICIENT_STOCK)),
    "abort": (placing_order, lambda row: Order.objects.abort([row.pk])),
    "settle": (place, lambda row: Order.objects.settle(row, quantity=1, status=row.state, cause=BY_SYSTEM)),
    "begin": (place, lambda row: Order.objects.begin_increase(row, increase=row.with_target(5))),
    "finish": (increasing_order, lambda row: Order.objects.finish_increase(row, status=row.state, cause=BY_SYSTEM)),
    "drop": (increasing_order, lambda row: Order.objects.drop_increase(row, seen=row.revision, held=None)),
    "acknowledge": (canceled, Order.objects.acknowledge),
    "raise": (canceled, lambda row: Order.objects.raise_revision(row, above=row.revision)),
    "push again": (canceled, lambda row: Order.objects.push_again(row, above=row.revision)),
}


every_transition = pytest.mark.parametrize(("begin", "transition"), TRANSITIONS.values(), ids=TRANSITIONS.keys())


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
    ("begin", "transition"), [TRANSITIONS[name] for name in ("settle", "begin", "acknowledge", "push again")]
)
def test_what_is_due_next_is_tried_as_for_the_first_time(lamp: int, begin: Begin, transition: Transition) -> None:
    order = begin(lamp)
    Order.objects.filter(pk=order.pk).update(attempts=9)

    transition(order)

    assert columns_of(order)["attempts"] == 0


def test_an_order_is_found_by_its_id_among_several(lamp: int) -> None:
    first, second = place(lamp), place(lamp)

    assert [Order.seen_by(None, order.pk) for order in (first, second)] == [first, second]
    with pytest.raises(OrderNotFound):
        Order.seen_by(None, second.pk + 1)
