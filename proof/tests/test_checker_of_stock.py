"""A run that sold too much, lost units or counted an adjustment twice is found."""

from tests.forged import Forged, ok, refused, row, shown


def test_stock_below_zero_is_oversold() -> None:
    run = Forged()
    run.products(1.0, {}, stock=-1, held=11)

    (first, *_) = run.violations()

    assert run.broken() == {"oversold"}
    assert "> " in first.piece[-1]
    assert "stock -1 + held 11 of 10" in first.piece[-1]


def test_live_orders_for_more_than_there_is_are_oversold() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1, quantity=6)), quantity=6, key="k1")
    run.place(1.0, ok(shown(2, quantity=6)), quantity=6, key="k2")
    run.orders(2.0, row(1, at=1.01, quantity=6), row(2, at=1.01, quantity=6, key="k2"))

    (found,) = run.violations()

    assert found.invariant == "oversold"
    assert "12 units, of at most 10" in found.message
    assert sum("requests: place" in line for line in found.piece) == 2


def test_a_unit_that_is_neither_in_stock_nor_held_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.products(2.0, {1: 2}, stock=7)

    (found,) = run.violations()

    assert found.invariant == "stock-not-conserved"
    assert any("requests: place" in line for line in found.piece)


def test_an_adjustment_that_counted_twice_is_found() -> None:
    run = Forged()
    run.request(1.0, "adjust-stock", ok(), product_id=1, delta=5, key="a1")
    run.request(1.5, "adjust-stock", ok(replayed=True), product_id=1, delta=5, key="a1")
    run.products(2.0, {}, adjusted=20)

    (found,) = run.violations()

    assert found.invariant == "adjustment-lost-or-doubled"
    assert sum("requests: adjust-stock" in line for line in found.piece) == 2


def test_an_acknowledged_adjustment_that_is_lost_is_found() -> None:
    run = Forged()
    run.request(1.0, "adjust-stock", ok(), product_id=1, delta=5, key="a1")
    run.products(2.0, {})

    assert run.broken() == {"adjustment-lost-or-doubled"}


def test_a_refused_adjustment_that_took_effect_is_found() -> None:
    run = Forged()
    run.request(1.0, "adjust-stock", refused("insufficient-stock", 409), product_id=1, delta=-11, key="a1")
    run.products(2.0, {}, adjusted=-1)

    assert "adjustment-lost-or-doubled" in run.broken()
