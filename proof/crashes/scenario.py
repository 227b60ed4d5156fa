"""Runs one cell of the crash matrix, from the order before it to the ledger, which must balance in the end."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from crashes.environment import Environment
from crashes.matrix import Cell
from crashes.operations import OPERATIONS, STOCK, Operation, request_once, request_until_final
from crashes.test_bed import TestBed
from driver.ledger import ProductLedger
from driver.waiting import eventually

ABORT_AGE = 10.0  # seconds
RESOLVED_WITHIN = 11.0  # seconds after a process stopped, every order is decided
SYNCED_WITHIN = 15.0  # seconds after product_service answers again, the ledger balances
SLACK = 2.0  # seconds for a machine that runs several scenarios at once


def run_scenario(cell: Cell, test_bed: TestBed) -> None:
    """
    Run one scenario.

    :raises AssertionError: if something was lost, doubled or left undecided.
    """
    faults = [cell.fault, *([cell.first_fault] if cell.first_fault else [])]
    with Environment(test_bed, faults) as environment, ThreadPoolExecutor(1) as client:
        _Scenario(cell, environment, client).run()


class _Scenario:
    def __init__(self, cell: Cell, environment: Environment, client: ThreadPoolExecutor) -> None:
        self.cell, self.environment, self.client = cell, environment, client
        self.operation: Operation = OPERATIONS[cell.operation]
        self.product_id = int(environment.clerk.create_product(name="Desk lamp", stock_quantity=STOCK).json()["id"])
        self.order_id = self._order_before()

    def run(self) -> None:
        pending_answer = self._reconcile_with_fault() if self.cell.left_over else self._request_with_fault()
        fired_at = self.environment.wait_until_fired(self.cell.fault.role)
        if self.cell.left_over:
            self._start_another_reconciler()
        is_frozen = self.cell.fault.action == "freeze"
        # Another thread of a frozen reconciler may have been in a transaction.
        if not (self.cell.locks_are_kept or (is_frozen and self.environment.is_locked())):
            self._expect_settled(fired_at + RESOLVED_WITHIN)
        if is_frozen:
            # A process that continues after this long finds that another one has decided.
            time.sleep(max(0.0, fired_at + ABORT_AGE + 1 - time.monotonic()))
            self.environment.thaw(self.cell.fault.role)
        answer = pending_answer.result()
        time.sleep(0.5)  # for everything that the thawed process may still do
        self._expect_settled(time.monotonic() + SYNCED_WITHIN)
        self._expect_end(answer)

    def _order_before(self) -> int:
        if self.operation.ordered is None:
            return 0
        placed = self.environment.customer.place_order(product_id=self.product_id, quantity=self.operation.ordered)
        return int(placed.json()["id"])

    def _request(self) -> httpx.Response:
        return self.operation.request(self.environment, self.product_id, self.order_id)

    def _request_with_fault(self) -> "Future[httpx.Response | None]":
        """Send the request while the fault is armed in a process that takes part."""
        self.environment.reconciler.start()
        self.environment.arm(self.cell.fault.role)
        return self.client.submit(request_until_final if self.cell.client == "repeats" else request_once, self._request)

    def _reconcile_with_fault(self) -> "Future[httpx.Response | None]":
        """Leave work for the reconciler, and start one in which the fault is armed."""
        if self.cell.first_fault:
            self.environment.arm(self.cell.first_fault.role)
        pending_answer = self.client.submit(request_once, self._request)
        pending_answer.result()
        self.environment.arm("reconciler")
        self.environment.reconciler.start()
        return pending_answer

    def _start_another_reconciler(self) -> None:
        """A supervisor does so when one has died. It also stands for a second instance that ran all the time."""
        self.environment.second_reconciler.start()

    def _expect_settled(self, deadline: float) -> None:
        within = deadline + SLACK - time.monotonic()
        eventually(
            lambda: (self._ledger(), self._is_undecided()),
            lambda seen: seen[0].is_balanced and not seen[1],
            within=within,
        )

    def _ledger(self) -> ProductLedger:
        return self.environment.ledger.of_product(self.product_id)

    def _is_undecided(self) -> bool:
        """Whether the order is undecided: product_service has no reservation for it, or it answers that it is busy."""
        if self.order_id == 0:
            return self.cell.leaves_a_reservation and not self.environment.ledger.reservations(self.product_id)
        (order,) = self.environment.ledger.orders(self.product_id)
        if order["status"] == "canceled":
            return False
        unchanged = self.environment.clerk_of_orders.change_order(self.order_id, status=order["status"])
        return unchanged.status_code != httpx.codes.OK

    def _expect_end(self, answer: httpx.Response | None) -> None:
        ledger = self._ledger()
        status = answer.status_code if answer else None
        if self.cell.client == "repeats":
            assert status == self.operation.success, f"the client got {answer and answer.text}"
        assert ledger.adjusted == STOCK
        assert ledger.promised in self.cell.allowed_ends(status), f"{ledger} after {status}"
        assert "no drift" in self.environment.order_service.run("audit_reservations")
        if self.cell.client == "repeats" and answer is not None and self.order_id == 0:
            again = self._request()
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
