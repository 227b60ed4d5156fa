"""Run the reconciler. Any number of instances may run."""

import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from types import FrameType
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connections

from orders import backlog
from orders.feed import delete_old_events
from orders.reconciler import cancel_old_once, decide_once, forget_old_keys, push_once, reconcile_once
from orders.retention import delete_failed_orders
from products_client import ProductsError
from service_kit.telemetry import exporter, tracing

log = structlog.get_logger(__name__)

LONGEST_INTERVAL = 60.0  # seconds to wait when nothing is due
SIGNAL_INTERVAL = 0.5  # seconds after which a signal that arrived in another thread is noticed
STOP_TIMEOUT = 10.0  # seconds that a stop waits for the steps that were begun. Dying in a step does no harm.
KEYS_INTERVAL = 60.0  # seconds between two searches for idempotency keys, failed orders and events that are too old
CANCEL_INTERVAL = 5.0  # seconds between two searches for pending orders that are too old
MEASURE_INTERVAL = 2.0  # seconds between two measurements of the backlog


def _interval(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_INTERVAL:  # not a number is neither
        raise ArgumentTypeError(f"it must be above 0, and at most {LONGEST_INTERVAL:.0f} seconds")
    return seconds


class Command(BaseCommand):
    help = "Decide undecided orders and push unsynced ones, until stopped."
    requires_system_checks: list[str] = []  # they check URLs and views, which this process does not need to import

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=_interval, default=0.5, help="seconds to wait when nothing is due")
        parser.add_argument("--once", action="store_true", help="take the steps that are due now, and stop")

    def handle(self, *, interval: float, once: bool, **options: Any) -> None:
        tracing.start("reconciler")
        if once:
            self._take_what_is_due()
            return

        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("reconciler started", interval=interval)
        if settings.METRICS_BIND:
            exporter.serve(settings.METRICS_BIND)
        if settings.AUDIT_INTERVAL:
            # A daemon: an audit may take long, and only reads, so a stop does not wait for its end.
            threading.Thread(target=self._audit, args=[settings.AUDIT_INTERVAL], name="audit", daemon=True).start()
        # Each kind of step has its own thread: a push that waits for product_service delays no decision.
        loops = [
            self._start("decide", decide_once, interval),
            self._start("push", push_once, interval),
            self._start("forget keys", forget_old_keys, KEYS_INTERVAL),
            self._start("delete failed", delete_failed_orders, KEYS_INTERVAL),
            self._start("measure", backlog.measure_backlog, MEASURE_INTERVAL),
        ]
        if settings.CANCEL_PENDING_AFTER:
            loops.append(self._start("cancel", cancel_old_once, CANCEL_INTERVAL))
        if settings.EVENT_RETENTION_HOURS:
            loops.append(self._start("delete events", delete_old_events, KEYS_INTERVAL))
        while not self.stopping.is_set():
            # Not for ever: Python runs signal handlers in this thread, and a signal may arrive in another one.
            if wait(loops, timeout=SIGNAL_INTERVAL, return_when=FIRST_COMPLETED).done:
                self.stopping.set()  # a loop ends early only by an unexpected error, which ends all loops
        ended, running = wait(loops, timeout=STOP_TIMEOUT)
        for loop in ended:
            loop.result()
        log.info("reconciler stopped", steps_left_running=len(running))

    def _start(self, name: str, step: Callable[[], int], interval: float) -> "Future[None]":
        """Start a loop in a daemon thread, whose step the end of the process does not wait for."""
        loop: Future[None] = Future()

        def run() -> None:
            try:
                self._loop(name, step, interval)
                loop.set_result(None)
            except Exception as error:  # noqa: BLE001 - raised again in the main thread
                loop.set_exception(error)

        threading.Thread(target=run, name=name, daemon=True).start()
        return loop

    def _take_what_is_due(self) -> None:
        while settings.CANCEL_PENDING_AFTER and cancel_old_once():
            pass
        while reconcile_once():
            pass
        forget_old_keys()
        while delete_failed_orders():
            pass
        while settings.EVENT_RETENTION_HOURS and delete_old_events():
            pass

    def _loop(self, name: str, step: Callable[[], int], interval: float) -> None:
        try:
            while not self.stopping.is_set():
                if not self._take(name, step):
                    self.stopping.wait(interval)
        finally:
            connections.close_all()  # this thread's own

    def _take(self, name: str, step: Callable[[], int]) -> int:
        """Take one step. If the database is unavailable, the loop tries again after its interval."""
        close_old_connections()
        # Each step has its own request id, which the gateway and product_service log too.
        structlog.contextvars.bind_contextvars(request_id=uuid4().hex)
        try:
            due = step()
        except Error as error:
            log.warning("database unavailable", reason=str(error).strip())
            return 0
        backlog.LAST_STEP.labels(name).set_to_current_time()
        return due

    def _audit(self, interval: float) -> None:
        structlog.contextvars.bind_contextvars(request_id=uuid4().hex)
        while not self.stopping.wait(interval):
            close_old_connections()
            try:
                backlog.measure_drift()
            except (Error, ProductsError) as error:
                log.warning("the audit broke off", reason=str(error).strip())
        connections.close_all()  # this thread's own

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
