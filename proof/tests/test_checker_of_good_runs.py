"""A correct run has no violations, whatever faults it had."""

from random import Random
from time import process_time

from tests.forged import Forged, ok, refused, row, shown


def test_a_correct_run_has_no_violation() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.place(1.05, refused("idempotency-in-progress", 409))
    run.place(1.3, ok(shown(1), replayed=True))
    run.place(1.5, refused("idempotency-key-reused", 422), body="e15e", quantity=3)
    run.orders(2.0, row(1, at=1.01))
    run.products(2.2, {1: 2})
    run.change(2.5, 3)
    run.request(2.7, "read-order", ok(shown(1, quantity=3), status=200), order_id=1)
    run.orders(3.0, row(1, at=1.01, quantity=3, placed_quantity=2, revision=2, synced_revision=2))
    run.products(3.2, {1: 3})
    run.request(3.3, "adjust-stock", ok(), product_id=1, delta=5, key="a1")
    run.request(3.4, "edit-product", ok(), product_id=1, price="21.00")
    run.fault(3.9, 6.0, "sigstop", "product_service")
    run.place(4.0, refused("order-not-placed", 503), key="k2", takes=1.5)
    run.place(6.5, ok(shown(3, unit_price="21.00")), key="k2")
    run.place(7.0, refused("insufficient-stock", 409), key="k3", quantity=99)
    run.place(7.5, refused("insufficient-stock", 409, replayed=True), key="k3", quantity=99)
    run.move(8.0, "ship", "shipped", quantity=3)
    run.move(8.5, "deliver", "delivered", quantity=3)
    run.phase(9.0, 12.0, "products-outage")
    run.fault(9.0, 12.0, "refuse", "order_service>product_service")
    run.request(10.0, "cancel", ok(shown(3, status="canceled", unit_price="21.00"), status=200), order_id=3)
    run.request(10.5, "read-order", ok(shown(3, status="canceled", unit_price="21.00"), status=200), order_id=3)
    run.phase(13.0, 14.0, "graceful-restart", "order_service")
    run.request(13.5, "list-orders", ok(shown(3, status="canceled", unit_price="21.00"), status=200))
    run.phase(30.0, 32.0, "quiet")
    delivered = row(1, at=1.01, quantity=3, placed_quantity=2, status="delivered", revision=2, synced_revision=2)
    failed = row(2, at=4.01, key="k2", placement="failed", failure="aborted", revision=2, synced_revision=2)
    canceled = row(3, at=6.51, key="k2", unit_price="21.00", status="canceled", revision=2, synced_revision=2)
    run.orders(30.5, delivered, failed, canceled)
    run.products(31.0, {1: 3, 3: 0}, adjusted=15)
    for second in range(40, 400, 10):
        run.memory(float(second), 80_000 + Random(second).randrange(2_000))  # noqa: S311 - no secret
    run.end(400.0)

    assert [str(violation) for violation in run.violations()] == []


def test_a_lost_answer_may_leave_an_order_or_none() -> None:
    run = Forged()
    run.place(1.0, None, key="k1", takes=10.0)
    run.place(1.0, None, key="k2", takes=10.0)
    run.orders(2.0, row(1, at=1.05))
    run.products(2.2, {1: 2})

    assert run.violations() == []


def test_overlapping_edits_leave_open_which_price_an_order_has() -> None:
    run = Forged()
    run.request(1.0, "edit-product", ok(), product_id=1, price="30.00", takes=2.0)
    run.request(1.0, "edit-product", None, product_id=1, price="40.00", takes=2.0)
    run.place(1.5, ok(shown(1)), key="k1")
    run.place(2.0, ok(shown(2, unit_price="30.00")), key="k2")
    run.place(9.0, ok(shown(3, unit_price="40.00")), key="k3")

    assert run.violations() == []


def test_an_order_may_stay_undecided_while_faults_hinder_the_reconciler() -> None:
    run = Forged()
    run.place(1.0, None)
    run.fault(1.0, 30.0, "database-kill", "order_service/database")
    run.fault(40.0, 50.0, "sigkill", "order_service/reconciler")
    run.orders(2.0, row(1, at=1.01, placement="placing", synced_revision=0))
    run.orders(64.0)
    run.orders(65.0, row(1, at=1.01, placement="failed", revision=2, synced_revision=2))

    assert run.violations() == []


def test_a_hundred_thousand_operations_are_checked_in_seconds() -> None:
    run = Forged()
    rows = []
    for number in range(1, 50_001):
        at = (number - 1) // 100 * 2.0 + number % 100 / 100
        run.place(at, ok(shown(number, quantity=1), body=f"{number}"), quantity=1, key=f"k{number}")
        canceled = shown(number, quantity=1, status="canceled")
        run.request(at + 0.2, "cancel", ok(canceled, status=200), order_id=number)
        rows.append(row(number, at=at, quantity=1, key=f"k{number}", status="canceled", revision=2, synced_revision=2))
        if number % 100 == 0:
            run.orders(at + 1.4, *rows)
            run.products(at + 1.6, {})
            run.fault(at, at + 0.5, "sigkill", "order_service/worker")
            rows = []
    began = process_time()

    assert run.violations() == []
    assert process_time() - began < 15  # seconds; it takes three on an idle machine
