"""The checker finds missing units, unresolved orders, dropped requests, memory growth and slow recovery."""

import pytest

from chaos.seen import Answer
from tests.forged import Forged, ok, refused, row, shown


def test_fewer_units_than_a_live_order_promises_are_found_at_any_time() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, row(1, at=1.01))
    run.products(2.2, {1: 1})
    run.orders(2.4, row(1, at=1.01))

    (found,) = run.violations()

    assert found.invariant == "reserved-below-desired"
    assert any("order 1 of alice" in line for line in found.piece)


def test_units_that_stay_held_for_an_order_whose_release_was_acknowledged_are_found_at_any_time() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.move(1.5, "cancel", "canceled")
    run.orders(2.0, row(1, at=1.01, status="canceled", revision=2, synced_revision=2))
    run.products(2.2, {1: 2})
    run.orders(2.4)

    (found,) = run.violations()

    assert found.invariant == "reserved-not-desired"
    assert any("requests: cancel" in line for line in found.piece)


def test_a_release_that_was_acknowledged_and_not_stored_is_found_while_nothing_is_held() -> None:
    run = Forged()
    run.place(1.0, None)
    run.orders(2.0, row(1, at=1.01, placement="failed", failure="aborted", revision=2, synced_revision=2))
    run.products(2.2, {1: 0}, revision=0)
    run.orders(2.4)

    (found,) = run.violations()

    assert found.invariant == "revision-not-stored"
    assert "revision 2 of order 1 is acknowledged, and 0 is stored" in found.message


def test_an_order_that_changed_between_two_looks_may_have_had_less_held() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.orders(2.0, row(1, at=1.01))
    run.products(2.2, {1: 0})
    run.move(2.1, "cancel", "canceled")
    run.orders(2.4, row(1, at=1.01, status="canceled", revision=2))

    assert run.violations() == []


@pytest.mark.parametrize("held", [{1: 3}, {1: 1}, {}, {1: 2, 7: 1}])
def test_reservations_that_do_not_agree_in_the_quiet_phase_are_found(held: dict[int, int]) -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.phase(20.0, 30.0, "quiet")
    run.orders(21.0, row(1, at=1.01))
    run.products(22.0, held)

    assert run.broken() == {"reserved-not-desired"}


def test_an_order_that_stays_undecided_after_the_fault_is_found() -> None:
    run = Forged()
    run.place(1.0, None)
    run.fault(1.0, 5.0, "database-kill", "order_service/database")
    run.fault(12.0, 40.0, "latency", "client>gateway")
    run.orders(2.0, row(1, at=1.01, placement="placing", synced_revision=0))
    run.orders(21.0)
    run.orders(22.0, row(1, at=1.01, placement="failed", revision=2, synced_revision=2))

    (found,) = run.violations()

    assert found.invariant == "outcome-not-resolved"
    assert "16.0 s" in found.message
    assert any("placing" in line for line in found.piece)
    assert any("database-kill" in line for line in found.piece)


def test_a_reservation_that_is_never_released_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.move(2.0, "cancel", "canceled")
    run.orders(3.0, row(1, at=1.01, status="canceled", revision=2, synced_revision=1))
    run.orders(19.0)

    assert run.broken() == {"outcome-not-resolved"}


@pytest.mark.parametrize("kind", ["read-order", "cancel", "list-orders"])
@pytest.mark.parametrize("answer", [refused("database-unavailable", 503), refused("gateway-timeout", 504), None])
def test_reading_or_canceling_that_fails_during_an_outage_of_products_is_found(
    kind: str, answer: Answer | None
) -> None:
    run = Forged()
    run.phase(1.0, 10.0, "products-outage")
    run.fault(1.0, 10.0, "refuse", "order_service>product_service")
    run.request(2.0, kind, answer, order_id=1)  # type: ignore[arg-type] # three of Kind

    (found,) = run.violations()

    assert found.invariant == "outage-stopped-orders"
    assert any("PHASE" in line for line in found.piece)


def test_a_client_that_still_waits_when_the_history_ends_proves_nothing() -> None:
    run = Forged()
    run.fault(1.0, 10.0, "refuse", "order_service>product_service")
    run.phase(1.0, 10.0, "products-outage")
    run.request(9.0, "read-order", None, order_id=1)
    run.entries = [entry for entry in run.entries if entry.at <= 9.05]

    assert run.violations() == []


def test_a_fault_elsewhere_excuses_what_fails_meanwhile() -> None:
    run = Forged()
    run.phase(1.0, 10.0, "products-outage")
    run.fault(2.0, 3.0, "sigkill", "order_service/worker")
    run.request(2.5, "read-order", None, order_id=1)

    assert run.violations() == []


@pytest.mark.parametrize("answer", [refused("overloaded", 503), refused("too-many-requests", 429)])
def test_orders_of_others_that_are_turned_away_for_a_greedy_customer_are_found(answer: Answer) -> None:
    run = Forged()
    run.phase(1.0, 9.0, "greedy-customer")
    run.fault(1.0, 9.0, "greedy-customer", "client>gateway")
    for number in range(1, 50):
        run.place(2.0 + number / 10, answer if number % 3 == 0 else ok(shown(number)), key=f"k{number}")

    (found,) = run.violations()

    assert found.invariant == "neighbour-turned-away"
    assert "16 of 49" in found.message


def test_a_greedy_customer_may_be_turned_away_and_others_too_while_something_else_fails() -> None:
    run = Forged()
    run.phase(1.0, 9.0, "greedy-customer")
    run.fault(1.0, 9.0, "greedy-customer", "client>gateway")
    run.fault(4.9, 5.5, "latency", "order_service>product_service")
    for number in range(1, 50):
        answer = refused("too-many-requests", 429)
        run.place(2.0 + number / 10, answer, key=f"k{number}", owner="greedy")
        run.place(5.0 + number / 1000, answer, key=f"k{number}")

    assert run.violations() == []


@pytest.mark.parametrize("placement", ["live", "failed"])
def test_a_key_that_is_forgotten_before_its_time_is_found(placement: str) -> None:
    run = Forged()
    run.place(1.0, None)
    run.orders(2.0, row(1, at=1.01, placement=placement))
    run.orders(3.0, row(1, at=1.01, placement=placement, key=None))

    assert run.broken() == {"key-forgotten-early"}


def test_a_saved_refusal_that_is_deleted_before_its_time_is_found() -> None:
    run = Forged()
    run.place(1.0, None)
    run.orders(2.0, row(1, at=1.01, placement="failed", failure="insufficient-stock"))
    run.orders(3.0, gone=(1,))

    assert run.broken() == {"key-forgotten-early"}


def test_the_key_of_an_aborted_attempt_may_be_forgotten() -> None:
    run = Forged()
    run.place(1.0, None)
    run.orders(2.0, row(1, at=1.01, placement="failed", failure="aborted"))
    run.orders(3.0, gone=(1,))

    assert run.broken() == set()


def test_an_order_that_is_placed_again_after_its_key_was_forgotten_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.fault(2.0, 3.0, "clock-shift", "order_service/reconciler")
    run.place(4.0, ok(shown(2)))

    assert "key-with-two-orders" in run.broken()


@pytest.mark.parametrize("answer", [refused("bad-gateway", 502), None])
def test_a_request_that_is_dropped_by_a_graceful_restart_is_found(answer: Answer | None) -> None:
    run = Forged()
    run.phase(1.0, 3.0, "graceful-restart", "order_service")
    number = run.place(0.95, answer)

    (found,) = run.violations()

    assert found.invariant == "graceful-restart-dropped"
    assert any(line.startswith(">") and f"#{number} " in line for line in found.piece)


def test_an_answer_without_a_documented_shape_is_found() -> None:
    run = Forged()
    run.place(1.0, Answer(status=500, wrong="500 with a body that is no JSON: b'oops'"))

    (found,) = run.violations()

    assert found.invariant == "undocumented-answer"
    assert "oops" in found.piece[-1]


def test_memory_that_grows_by_more_than_a_tenth_is_found() -> None:
    run = Forged()
    for second in range(0, 600, 10):
        run.memory(float(second), 80_000 + 30 * second)

    (found,) = run.violations()

    assert found.invariant == "memory-grew"
    assert "order_service/worker" in found.message


def test_order_placement_that_recovers_too_late_is_found() -> None:
    run = Forged()
    run.fault(1.0, 2.0, "database-kill", "order_service/database")
    run.place(10.0, refused("order-not-placed", 503), key="k0")
    run.place(18.0, ok(shown(1)))

    (found,) = run.violations()

    assert found.invariant == "recovery-too-slow"
    assert any("database-kill" in line for line in found.piece)
