"""One cell of the crash matrix, told from the beginning to the books that must agree in the end."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from crashes.bench import Bench
from crashes.matrix import Cell
from crashes.operations import OPERATIONS, STOCK, Operation, ask_once, ask_until_answered
from crashes.world import World
from driver.books import ProductBooks
from driver.waiting import eventually

ABORT_AGE = 10.0  # seconds
RESOLVED_WITHIN = 11.0  # seconds after a process stopped short, nothing is in doubt
SYNCED_WITHIN = 15.0  # seconds after product_service answers again, stock agrees
SLACK = 2.0  # seconds for a machine that runs several stories at once


def tell(cell: Cell, bench: Bench) -> None:
    """
    This function will run one story.

    :raises AssertionError: if something was lost, doubled or left in doubt.
    """
    faults = [cell.fault, *([cell.first_fault] if cell.first_fault else [])]
    with World(bench, faults) as world, ThreadPoolExecutor(1) as client:
        _Story(cell, world, client).tell()


class _Story:
    def __init__(self, cell: Cell, world: World, client: ThreadPoolExecutor) -> None:
        self.cell, self.world, self.client = cell, world, client
        self.operation: Operation = OPERATIONS[cell.operation]
        self.product_id = int(world.clerk.create_product(name="Desk lamp", stock_quantity=STOCK).json()["id"])
        self.order_id = self._order_before()

    def tell(self) -> None:
        answering = self._reconcile_short() if self.cell.left_over else self._ask_short()
        struck_at = self.world.wait_until_fired(self.cell.fault.role)
        if self.cell.left_over:
            self._start_another_reconciler()
        if not self.cell.locks_are_kept:
            self._expect_settled(struck_at + RESOLVED_WITHIN)
        if self.cell.fault.action == "freeze":
            # Whoever goes on after this long finds that somebody else has decided.
            time.sleep(max(0.0, struck_at + ABORT_AGE + 1 - time.monotonic()))
            self.world.thaw(self.cell.fault.role)
        answer = answering.result()
        time.sleep(0.5)  # what was thawed may do its worst
        self._expect_settled(time.monotonic() + SYNCED_WITHIN)
        self._expect_end(answer)

    def _order_before(self) -> int:
        if self.operation.ordered is None:
            return 0
        placed = self.world.customer.place_order(product_id=self.product_id, quantity=self.operation.ordered)
        return int(placed.json()["id"])

    def _ask(self) -> httpx.Response:
        return self.operation.ask(self.world, self.product_id, self.order_id)

    def _ask_short(self) -> "Future[httpx.Response | None]":
        """Ask, while a process that has to do with it is about to stop short."""
        self.world.reconciler.start()
        self.world.arm(self.cell.fault.role)
        return self.client.submit(ask_until_answered if self.cell.client == "repeats" else ask_once, self._ask)

    def _reconcile_short(self) -> "Future[httpx.Response | None]":
        """Leave something for the reconciler, and start one that is about to stop short."""
        if self.cell.first_fault:
            self.world.arm(self.cell.first_fault.role)
        answering = self.client.submit(ask_once, self._ask)
        answering.result()
        self.world.arm("reconciler")
        self.world.reconciler.start()
        return answering

    def _start_another_reconciler(self) -> None:
        """As a supervisor does when one has died, or as a second copy that has been running all the time."""
        self.world.second_reconciler.start()

    def _expect_settled(self, deadline: float) -> None:
        within = deadline + SLACK - time.monotonic()
        eventually(
            lambda: (self._books(), self._is_in_doubt()), lambda seen: seen[0].agree and not seen[1], within=within
        )

    def _books(self) -> ProductBooks:
        return self.world.books.of_product(self.product_id)

    def _is_in_doubt(self) -> bool:
        """Whether the order's fate is open: product_service has not heard of it, or it answers that it is busy."""
        if self.order_id == 0:
            return self.cell.leaves_a_reservation and not self.world.books.reservations(self.product_id)
        (order,) = self.world.books.orders(self.product_id)
        if order["status"] == "canceled":
            return False
        unchanged = self.world.clerk_of_orders.change_order(self.order_id, status=order["status"])
        return unchanged.status_code != httpx.codes.OK

    def _expect_end(self, answer: httpx.Response | None) -> None:
        books = self._books()
        status = answer.status_code if answer else None
        if self.cell.client == "repeats":
            assert status == self.operation.success, f"the client was answered {answer and answer.text}"
        assert books.adjusted == STOCK
        assert books.promised in self.cell.allowed_ends(status), f"{books} after {status}"
        assert "no drift" in self.world.order_service.run("audit_reservations")
        if self.cell.client == "repeats" and answer is not None and self.order_id == 0:
            again = self._ask()
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
