"""The audit: every way in which orders and reservations can disagree is found, and what is on its way is none."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from config import clients
from orders import audit
from orders.audit import Drift, DriftKind
from orders.models import Order
from orders.states import Status
from products_client import OutcomeUnknown, ProductsUnavailable, ReservationRequest
from tests.fake_products_api import FakeProductsApi
from tests.world import (
    agrees,
    be_refused,
    increasing_order,
    listed_order,
    order_in,
    place,
    read,
    reconcile,
    reconcile_later,
    unfinished_order,
)

pytestmark = pytest.mark.django_db


def find() -> list[Drift]:
    return list(audit.find_drift(clients.products()))


def kinds() -> list[DriftKind]:
    return [drift.kind for drift in find()]


def reserve(*, product_id: int, quantity: int, revision: int = 1, order: Order | None = None) -> None:
    """Have units held behind the orders' back."""
    key = order.reservation_id if order else uuid4()
    item = ReservationRequest(id=key, product_id=product_id, quantity=quantity, revision=revision)
    clients.products().put_reservations([item])


def test_orders_in_every_state_that_are_settled_are_no_drift(products: FakeProductsApi, lamp: int) -> None:
    for status in Status:
        order_in(status, lamp)
    be_refused(lamp)
    unfinished_order(lamp, age=timedelta(seconds=10))
    reconcile()

    assert find() == []


@pytest.mark.parametrize(
    "begin",
    [
        unfinished_order,
        increasing_order,
        lambda lamp: order_in(Status.CANCELED, lamp),
    ],
    ids=["placing", "increasing", "canceled and not pushed yet"],
)
def test_what_is_on_its_way_is_no_drift(products: FakeProductsApi, lamp: int, begin: Callable[[int], Order]) -> None:
    begin(lamp)

    assert find() == []


def test_a_placing_whose_units_are_held_already_is_no_drift(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=2, order=unfinished_order(lamp))

    assert find() == []


def test_a_reservation_that_was_lost_is_found(products: FakeProductsApi, lamp: int) -> None:
    restore = products.snapshot()
    order = place(lamp)
    restore()

    [drift] = find()

    assert (drift.kind, drift.order) == (DriftKind.MISSING, order)
    assert drift.what == f"order {order.pk} (reservation {order.reservation_id}): 2 units desired, no reservation"


def test_a_reservation_that_was_set_back_is_found(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp, 5)
    restore = products.snapshot()
    Order.objects.settle(order, quantity=3, status=Status.PENDING, now=order.updated_at)
    reconcile()
    restore()

    [drift] = find()

    assert (drift.kind, drift.order) == (DriftKind.DIFFERENT, read(order))
    assert drift.what.endswith("3 units desired, 5 held at revision 1, order at 2")


def test_an_order_that_was_set_back_is_found(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    reserve(product_id=lamp, quantity=4, revision=6, order=order)

    [drift] = find()

    assert (drift.kind, drift.order) == (DriftKind.AHEAD, order)
    assert drift.what.endswith("2 units desired, 4 held at revision 6, order at 1")


def test_units_that_are_held_for_no_order_are_found(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3)

    [drift] = find()

    assert (drift.kind, drift.order) == (DriftKind.ORPHAN, None)
    assert drift.what.endswith(f"3 units of product {lamp} are held for no order")


def test_a_reservation_that_holds_nothing_for_no_order_is_no_drift(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=0, revision=2)

    assert find() == []


def test_stock_that_came_from_nowhere_is_found(products: FakeProductsApi, lamp: int) -> None:
    place(lamp)
    products.products[lamp].stock += 1

    [drift] = find()

    assert drift.kind == DriftKind.STOCK
    assert drift.what == f"product {lamp}: 10 units came in all, 9 are left and 2 are held"


def test_every_drift_among_many_rows_is_found_across_pages(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    products.page_limit = 3
    orders = [place(lamp) for _ in range(12)]
    for order in orders[::4]:
        reserve(product_id=lamp, quantity=1, revision=2, order=order)
    for _ in range(2):
        reserve(product_id=lamp, quantity=1)
    listed_order(product_id=lamp)

    assert sorted(kinds()) == sorted(["ahead"] * 3 + ["orphan"] * 2 + ["missing"])


def test_what_changed_while_it_was_compared_is_read_again(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    missing = products.reservations.pop(order.reservation_id)

    def bring_back(_: object) -> None:
        if len(products.requests) > 2:
            products.reservations[order.reservation_id] = missing

    products.on_request = bring_back

    assert find() == []


def test_r7_a_repair_pushes_the_order_above_what_was_seen(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    reserve(product_id=lamp, quantity=4, revision=6, order=order)
    [drift] = find()

    assert audit.repair(drift)
    reconcile()

    assert read(order).revision == 7
    assert find() == []
    assert agrees(products, lamp)


@pytest.mark.parametrize("change", [None, Status.CANCELED])
def test_r7_a_repair_mends_what_a_restored_product_service_lost(
    products: FakeProductsApi, lamp: int, change: Status | None
) -> None:
    restore = products.snapshot()
    place(lamp) if change is None else order_in(change, lamp)
    reconcile()
    restore()

    assert all(audit.repair(drift) for drift in find())
    reconcile()

    assert find() == []
    assert agrees(products, lamp)


def test_a_repair_of_an_order_whose_increase_is_stuck_drops_the_increase(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp)
    reserve(product_id=lamp, quantity=4, revision=6, order=order)
    [drift] = find()

    audit.repair(drift)
    reconcile_later()

    assert (read(order).quantity, read(order).target_quantity) == (2, None)
    assert agrees(products, lamp)


def test_an_order_that_moved_on_is_not_repaired(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    reserve(product_id=lamp, quantity=4, revision=6, order=order)
    [drift] = find()
    Order.objects.settle(order, quantity=1, status=Status.PENDING, now=order.updated_at)

    assert not audit.repair(drift)

    assert read(order).revision == 2


def test_where_there_is_no_order_there_is_nothing_to_repair(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3)
    products.products[lamp].stock += 1

    assert [audit.repair(drift) for drift in find()] == [False, False]


def test_an_orphan_can_be_released(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3, revision=5)
    [drift] = find()

    assert audit.release(clients.products(), drift)

    assert find() == []
    assert products.stock(lamp) == 10


def test_nothing_but_an_orphan_is_released(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=4, revision=6, order=place(lamp))
    products.products[lamp].stock += 1

    assert [audit.release(clients.products(), drift) for drift in find()] == [False, False]

    assert products.promised(lamp) == 4


def test_an_orphan_that_moved_on_is_not_released(products: FakeProductsApi, lamp: int) -> None:
    order = unfinished_order(lamp)
    reserve(product_id=lamp, quantity=3, order=order)
    Order.objects.all().delete()
    [drift] = find()
    reserve(product_id=lamp, quantity=2, revision=9, order=order)

    assert not audit.release(clients.products(), drift)

    assert products.promised(lamp) == 2


def test_an_audit_that_products_does_not_answer_says_so(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3)
    [drift] = find()
    products.unreachable = True

    with pytest.raises(ProductsUnavailable):
        find()
    with pytest.raises(OutcomeUnknown):
        audit.release(clients.products(), drift)
