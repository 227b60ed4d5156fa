"""The audit: it finds every way in which orders and reservations can disagree, and nothing that is still settling."""

from collections.abc import Callable

import pytest

from orders import audit
from orders.audit import DriftKind
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Status
from products_client import OutcomeUnknown, ProductsUnavailable
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, find_drift, reconcile, reconcile_later, reserve
from tests.factories import (
    DUE,
    OVERDUE,
    increasing_order,
    live_order,
    order_in,
    place,
    placing_order,
    read,
    refused_order,
)

pytestmark = pytest.mark.django_db


def test_settled_orders_in_every_state_are_no_drift(products: FakeProductsApi, lamp: int) -> None:
    for status in Status:
        order_in(status, lamp)
    refused_order(lamp)
    placing_order(lamp, age=DUE)
    reconcile()

    assert find_drift() == []


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(placing_order, id="placing"),
        pytest.param(lambda lamp: reserve(placing_order(lamp)), id="placing, already held"),
        pytest.param(lambda lamp: reserve(placing_order(lamp, age=DUE)), id="a reconciler may still decide it"),
        pytest.param(lambda lamp: placing_order(lamp, age=OVERDUE), id="overdue, not held"),
        pytest.param(lambda lamp: reserve(placing_order(lamp, age=OVERDUE), quantity=0), id="overdue, nothing held"),
        pytest.param(
            lambda lamp: reserve(placing_order(lamp, age=OVERDUE), quantity=0, revision=2), id="overdue, released"
        ),
        pytest.param(
            lambda lamp: reserve(placing_order(lamp, age=OVERDUE), quantity=0, revision=3),
            id="overdue, nothing held later",
        ),
        pytest.param(increasing_order, id="increasing"),
        pytest.param(lambda lamp: increasing_order(lamp, age=OVERDUE), id="an overdue increase, not held"),
        pytest.param(lambda lamp: order_in(Status.CANCELED, lamp), id="canceled and not pushed yet"),
        pytest.param(lambda lamp: reserve(product_id=lamp, quantity=0, revision=2), id="nothing held for no order"),
    ],
)
def test_what_is_not_settled_yet_or_holds_nothing_is_no_drift(
    products: FakeProductsApi, lamp: int, begin: Callable[[int], object]
) -> None:
    begin(lamp)

    assert find_drift() == []


def test_a_reservation_that_was_lost_is_found(products: FakeProductsApi, lamp: int) -> None:
    restore = products.snapshot()
    order = place(lamp)
    restore()

    [drift] = find_drift()

    found = f"order {order.pk} (reservation {order.reservation_id}): 2 units desired, no reservation"
    assert (drift.kind, drift.order, drift.description) == (DriftKind.MISSING, order, found)


def test_an_order_that_was_set_back_is_found(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    reserve(order, quantity=4, revision=6)

    [drift] = find_drift()

    assert (drift.kind, drift.order) == (DriftKind.AHEAD, order)
    assert drift.description.endswith("2 units desired, 4 held at revision 6, order at 1")


def test_a_reservation_that_was_set_back_is_found(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp, 5)
    restore = products.snapshot()
    Order.objects.settle(order, quantity=3, status=Status.PENDING, cause=BY_SYSTEM)
    reconcile()
    restore()

    [drift] = find_drift()

    assert (drift.kind, drift.order) == (DriftKind.DIFFERENT, read(order))
    assert drift.description.endswith("3 units desired, 5 held at revision 1, order at 2")


def test_units_that_are_held_for_no_order_are_found(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3)

    [drift] = find_drift()

    assert (drift.kind, drift.order) == (DriftKind.ORPHAN, None)
    assert drift.description.endswith(f"3 units of product {lamp} are held for no order")


def test_an_unbalanced_ledger_is_found(products: FakeProductsApi, lamp: int) -> None:
    place(lamp)
    products.products[lamp].stock += 1

    [drift] = find_drift()

    assert drift.kind == DriftKind.STOCK
    assert drift.description == f"product {lamp}: 10 units adjusted, 9 in stock, 2 reserved"


def test_every_drift_among_many_rows_is_found_across_pages(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    products.page_limit = 3
    orders = [place(lamp) for _ in range(12)]
    for order in orders[::4]:
        reserve(order, quantity=1, revision=2)
    for _ in range(2):
        reserve(product_id=lamp, quantity=1)
    live_order(product_id=lamp)

    assert sorted(drift.kind for drift in find_drift()) == sorted(["ahead"] * 3 + ["orphan"] * 2 + ["missing"])


def test_a_pair_that_disagrees_is_read_again(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    missing = products.reservations.pop(order.reservation_id)

    def bring_back(_: object) -> None:
        if len(products.requests) > 2:
            products.reservations[order.reservation_id] = missing

    products.on_request = bring_back

    assert find_drift() == []


@pytest.mark.parametrize("change", [None, Status.CANCELED])
def test_r7_a_repair_mends_what_a_restored_product_service_lost(
    products: FakeProductsApi, lamp: int, change: Status | None
) -> None:
    restore = products.snapshot()
    place(lamp) if change is None else order_in(change, lamp)
    reconcile()
    restore()

    assert all(audit.repair(drift) for drift in find_drift())
    reconcile()

    assert find_drift() == []
    assert agrees(products, lamp)


def test_a_repair_of_an_order_whose_increase_is_stuck_drops_the_increase(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp)
    reserve(order, quantity=4, revision=6)
    [drift] = find_drift()

    audit.repair(drift)
    reconcile_later()

    assert (read(order).quantity, read(order).target_quantity) == (2, None)
    assert agrees(products, lamp)


def test_an_order_that_moved_on_is_not_repaired(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    reserve(order, quantity=4, revision=6)
    [drift] = find_drift()
    Order.objects.settle(order, quantity=1, status=Status.PENDING, cause=BY_SYSTEM)

    assert not audit.repair(drift)

    assert read(order).revision == 2


def test_only_an_order_is_repaired_and_only_an_orphan_released(products: FakeProductsApi, lamp: int) -> None:
    reserve(place(lamp), quantity=4, revision=6)
    products.products[lamp].stock += 1
    reserve(product_id=lamp, quantity=3)

    drifts = find_drift()

    assert {drift.kind for drift in drifts} == {DriftKind.AHEAD, DriftKind.ORPHAN, DriftKind.STOCK}
    assert [drift.kind for drift in drifts if audit.release(drift)] == [DriftKind.ORPHAN]
    assert [drift.kind for drift in drifts if audit.repair(drift)] == [DriftKind.AHEAD]
    assert products.held(lamp) == 4


def test_an_orphan_that_moved_on_is_not_released(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp)
    reserve(order, quantity=3)
    Order.objects.all().delete()
    [drift] = find_drift()
    reserve(order, revision=9)

    assert not audit.release(drift)

    assert products.held(lamp) == 2


def test_an_audit_without_an_answer_of_product_service_raises(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3)
    [drift] = find_drift()
    products.unreachable = True

    with pytest.raises(ProductsUnavailable):
        find_drift()
    with pytest.raises(OutcomeUnknown):
        audit.release(drift)


def test_sums_of_units_may_be_larger_than_any_order(products: FakeProductsApi) -> None:
    screw = products.add_product(name="Screw", stock=2**33)
    products.products[screw].adjusted += 2**33 + 1
    for _ in range(2):
        reserve(live_order(product_id=screw, quantity=2**31 - 1), quantity=2**31 - 1)

    assert [(drift.kind, drift.description) for drift in find_drift()] == [
        (
            DriftKind.STOCK,
            f"product {screw}: {2**34 + 1} units adjusted, {2**33 - 2**32 + 2} in stock, {2**32 - 2} reserved",
        )
    ]
