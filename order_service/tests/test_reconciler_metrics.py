"""Metrics and ids of the reconciler's steps, and its regular audits."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from orders import backlog
from orders.management.commands import run_reconciler
from orders.request_ids import current_request_id
from orders.states import Status
from products_client import ProductsUnavailable
from products_stand_in.api import FakeProductsApi
from service_kit.telemetry import exporter
from service_kit.testing.counting import Counting, gauge
from service_kit.testing.log_lines import LogLines, about
from tests.checks import reconcile, reconcile_later
from tests.factories import increasing_order, order_in, placing_order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("products")]

LATE = timedelta(seconds=11)
STEP = "reconciler_last_step_timestamp_seconds"
Run = Callable[[Callable[[], None]], None]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, signal_handlers: None) -> Run:
    """Run the command, its steps backlog still; `push` is what its first push does. It stops after that."""
    for name in ("decide_once", "forget_old_keys"):
        monkeypatch.setattr(run_reconciler, name, lambda: 0)
    monkeypatch.setattr(backlog, "measure_backlog", lambda: 0)

    def run(push: Callable[[], None]) -> None:
        def push_and_stop() -> int:
            push()
            os.kill(os.getpid(), signal.SIGTERM)
            return 0

        monkeypatch.setattr(run_reconciler, "push_once", push_and_stop)
        call_command("run_reconciler", interval=30.0)  # a busy main thread may handle the signal after milliseconds

    return run


def test_aborted_and_pushed_orders_are_counted(lamp: int) -> None:
    placing_order(lamp, age=LATE)
    increasing_order(lamp, age=LATE)
    order_in(Status.CANCELED, lamp)
    counting = Counting()

    reconcile()

    assert counting.of("reconciler_gave_up_total") == {"placing": 1, "increase": 1}
    assert counting.of("reconciler_pushed_total") == {"acknowledged": 3}


def test_pushes_with_an_unknown_or_another_result_are_counted(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    counting = Counting()

    products.unreachable = True
    reconcile()
    products.unreachable = False
    products.reservations[order.reservation_id].revision = 9
    reconcile_later(20)

    assert counting.of("reconciler_pushed_total") == {"unknown": 1, "disagreed": 1}


def test_the_log_names_the_orders_that_were_pushed(lamp: int, logged: LogLines) -> None:
    order = order_in(Status.CANCELED, lamp)

    reconcile()

    assert [line["order_ids"] for line in about("pushed", logged)] == [[order.pk]]


def test_the_time_of_each_kind_of_step_is_exposed(running: Run) -> None:
    before = timezone.now().timestamp()
    others = ("decide", "forget keys", "delete failed", "measure")

    def wait_for_the_others() -> None:
        stop = threading.Event()
        while not all((gauge(STEP, step=step) or 0) >= before for step in others):
            stop.wait(0.001)

    running(wait_for_the_others)

    assert (gauge(STEP, step="push") or 0) >= before


def test_each_step_has_a_request_id_of_its_own() -> None:
    ids: list[str | None] = []
    command = run_reconciler.Command()

    def look() -> int:
        ids.append(current_request_id())
        return 0

    for _ in range(2):
        command._take("decide", look)  # noqa: SLF001 - the step that its loops take
    structlog.contextvars.clear_contextvars()

    assert len({each for each in ids if each}) == 2


def test_it_goes_on_auditing_after_an_audit_broke_off(
    running: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AUDIT_INTERVAL = 0.001
    audits = threading.Semaphore(0)

    def break_off() -> None:
        audits.release()
        raise ProductsUnavailable("the test's")

    monkeypatch.setattr(backlog, "measure_drift", break_off)

    seen: list[bool] = []
    running(lambda: seen.extend(audits.acquire(timeout=30) for _ in range(3)))

    assert seen == [True, True, True]


@pytest.mark.parametrize("bind", ["", "127.0.0.1:9464"])
def test_it_exposes_its_metrics_where_an_address_is_set(
    running: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, bind: str
) -> None:
    served: list[str] = []
    monkeypatch.setattr(exporter, "serve", served.append)
    settings.METRICS_BIND = bind

    running(lambda: None)

    assert served == ([bind] if bind else [])
