"""A run that lost, doubled, invented or altered an order is found, and the report shows the evidence."""

import pytest

from chaos.seen import OrderSeen
from tests.forged import Forged, ok, refused, row, shown


def test_an_acknowledged_order_that_is_nowhere_is_lost() -> None:
    run = Forged()
    number = run.place(1.0, ok(shown(1)))
    run.place(1.0, ok(shown(2)), key="k2", owner="bob")
    run.orders(2.0, row(2, at=1.01, key="k2", owner="bob"))

    (found,) = run.violations()

    assert found.invariant == "acknowledged-order-lost"
    assert any(line.startswith(">") and f"#{number} " in line for line in found.piece)
    assert not any("bob" in line for line in found.piece)


def test_an_acknowledged_order_whose_row_goes_is_lost() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, row(1, at=1.01))
    run.orders(3.0, gone=(1,))

    assert run.broken() == {"acknowledged-order-lost"}


def test_an_acknowledged_order_that_is_not_found_is_lost() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.request(2.0, "read-order", refused("not-found", 404), order_id=1)

    assert run.broken() == {"acknowledged-order-lost"}


@pytest.mark.parametrize(
    "kept",
    [
        row(1, at=1.01, product_name="Table"),
        row(1, at=1.01, unit_price="1.00"),
        row(1, at=1.01, placed_quantity=1),
        row(1, at=1.01, product_id=2),
        row(1, at=1.01, owner="mallory"),
    ],
)
def test_a_row_that_differs_from_the_acknowledgement_is_found(kept: OrderSeen) -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, kept)

    assert "acknowledged-order-differs" in run.broken()


def test_an_answer_that_shows_something_else_than_was_requested_differs() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1, quantity=3)), quantity=2)

    assert run.broken() == {"acknowledged-order-differs"}


def test_a_change_that_was_acknowledged_and_is_forgotten_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    number = run.change(2.0, 3)
    run.orders(3.0, row(1, at=1.01))

    (found,) = run.violations()

    assert found.invariant == "quantity-never-requested"
    assert any(f"#{number} " in line for line in found.piece)


def test_a_change_that_was_refused_and_took_effect_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.request(2.0, "change", refused("order-not-changed", 503), order_id=1, quantity=5)
    run.request(3.0, "read-order", ok(shown(1, quantity=5), status=200), order_id=1)

    assert run.broken() == {"quantity-never-requested"}


def test_a_key_that_names_two_orders_is_found() -> None:
    run = Forged()
    numbers = {run.place(1.0, ok(shown(1))), run.place(2.0, ok(shown(2), replayed=True))}

    (found,) = run.violations()

    assert found.invariant == "key-with-two-orders"
    assert {line.split()[2] for line in found.piece} == {f"#{number}" for number in numbers}


def test_a_key_with_two_rows_is_found_though_neither_was_answered() -> None:
    run = Forged()
    run.place(1.0, None, takes=5.0)
    run.place(1.5, None, takes=5.0)
    run.orders(2.0, row(1, at=1.01), row(2, at=1.51))

    assert run.broken() == {"key-with-two-orders"}


def test_a_key_that_answers_for_another_body_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.place(2.0, ok(shown(1), replayed=True), quantity=2, body="0dd")

    assert run.broken() == {"key-answered-for-another-body"}


def test_an_order_that_nobody_requested_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, row(1, at=1.01), row(2, at=1.02, key=None))

    (found,) = run.violations()

    assert found.invariant == "order-without-request"
    assert "order 2 of alice" in found.piece[0]


def test_one_request_without_a_key_makes_one_order_at_most() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)), key=None)
    run.orders(2.0, row(1, at=1.01, key=None), row(2, at=1.02, key=None))

    assert run.broken() == {"order-without-request"}


def test_an_attempt_answered_as_not_placed_that_becomes_an_order_is_found() -> None:
    run = Forged()
    number = run.place(1.0, refused("order-not-placed", 503), takes=3.0)
    run.orders(5.0, row(1, at=1.01))

    (found,) = run.violations()

    assert found.invariant == "not-placed-became-order"
    assert any(line.startswith(">") and f"#{number} " in line for line in found.piece)


def test_a_later_attempt_does_not_excuse_that_the_refused_one_became_the_order() -> None:
    run = Forged()
    run.place(1.0, refused("order-not-placed", 503), takes=3.0)
    run.place(6.0, ok(shown(1)))
    run.orders(7.0, row(1, at=1.01))

    assert run.broken() == {"not-placed-became-order"}


def test_a_replay_that_says_something_else_is_found() -> None:
    run = Forged()
    numbers = {
        run.place(1.0, ok(shown(1), body="aaaa")),
        run.place(2.0, ok(shown(1), body="bbbb", replayed=True)),
    }

    (found,) = run.violations()

    assert found.invariant == "replay-differs"
    assert {line.split()[2] for line in found.piece if line.startswith(">")} == {f"#{one}" for one in numbers}


def test_a_refusal_that_is_forgotten_is_found() -> None:
    run = Forged()
    run.place(1.0, refused("insufficient-stock", 409))
    run.place(2.0, ok(shown(1)))

    assert run.broken() == {"replay-differs"}


def test_a_replay_that_is_not_marked_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.place(2.0, ok(shown(1)))

    assert run.broken() == {"replay-differs"}


@pytest.mark.parametrize(
    ("before", "after"),
    [("canceled", "pending"), ("canceled", "shipped"), ("shipped", "canceled"), ("delivered", "shipped")],
)
def test_a_transition_that_is_not_allowed_is_found(before: str, after: str) -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    for kind in ("cancel", "ship", "deliver"):
        run.request(1.5, kind, None, order_id=1)
    run.request(2.0, "read-order", ok(shown(1, status=before), status=200), order_id=1)
    run.request(3.0, "list-orders", ok(shown(1, status=after), status=200))

    (found,) = run.violations()

    assert found.invariant == "transition-not-allowed"
    assert f"was {before} and then {after}" in found.message
    assert sum(line.startswith(">") for line in found.piece) == 4


def test_a_failed_placement_that_becomes_live_is_found() -> None:
    run = Forged()
    run.place(1.0, None, takes=10.0)
    run.orders(2.0, row(1, at=1.01, placement="failed"))
    run.orders(3.0, row(1, at=1.01))

    assert run.broken() == {"transition-not-allowed"}


def test_a_status_that_nobody_requested_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, row(1, at=1.01, status="canceled"))

    assert run.broken() == {"status-never-requested"}
