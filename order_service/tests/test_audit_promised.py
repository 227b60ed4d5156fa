"""A backup made under load has orders that were being placed or increased: the audit names what was promised since."""

import pytest

from orders import audit
from orders.audit import DriftKind
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, find_drift, reconcile, reserve
from tests.factories import OVERDUE, increasing_order, place, placing_order, read

pytestmark = pytest.mark.django_db


def test_a_placement_whose_units_are_held_is_named_first(products: FakeProductsApi, lamp: int) -> None:
    reserve(place(lamp), quantity=3, revision=2)
    order = placing_order(lamp, age=OVERDUE, owner="anna")
    reserve(order)

    promised, ahead = find_drift()

    assert (promised.kind, promised.order, ahead.kind) == (DriftKind.PROMISED, order, DriftKind.AHEAD)
    assert f"order {order.pk}" in promised.description
    assert "anna" in promised.description


def test_a_confirmed_placement_is_live_at_the_price_of_its_units(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=OVERDUE)
    reserve(order)
    products.products[lamp].price = "25.00"

    assert [audit.confirm(drift) for drift in find_drift()] == [True]

    row = read(order)
    assert (row.placement, str(row.unit_price), row.product_name) == ("live", "19.90", "Desk lamp")
    assert row.placed_at is not None
    assert find_drift() == []
    reconcile()
    assert agrees(products, lamp)


def test_one_that_was_changed_since_is_confirmed_and_then_ahead(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=OVERDUE)
    reserve(order)
    reserve(order, quantity=5, revision=2)

    [promised] = find_drift()
    assert audit.confirm(promised)

    [ahead] = find_drift()
    assert ahead.kind == DriftKind.AHEAD
    audit.repair(ahead)
    reconcile()
    assert agrees(products, lamp)


def test_one_that_a_reconciler_has_aborted_is_not_confirmed(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=OVERDUE)
    reserve(order)
    [promised] = find_drift()
    reconcile()

    assert not audit.confirm(promised)

    assert read(order).placement == "failed"
    assert agrees(products, lamp)


def test_repair_leaves_a_promised_order_alone(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=OVERDUE)
    reserve(order)

    assert [audit.repair(drift) or audit.release(drift) for drift in find_drift()] == [False]

    assert read(order).placement == "placing"


def test_an_increase_whose_units_are_held_is_named_and_confirmed(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp, target=5, age=OVERDUE)
    reserve(order, quantity=5, revision=order.revision)

    [promised] = find_drift()
    assert promised.kind == DriftKind.PROMISED
    assert audit.confirm(promised)

    assert (read(order).quantity, read(order).target_quantity) == (5, None)
    assert agrees(products, lamp)
