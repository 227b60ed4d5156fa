"""The command that runs the reconciler: it runs until it gets a signal, and retries what is unavailable."""

import os
import signal
from collections.abc import Callable
from threading import Event, get_ident

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from pytest_django import Settings

from orders.management.commands import run_reconciler
from orders.reconciler import push_once
from orders.states import Failure, Status
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, sync_state
from tests.factories import DUE, LONG_AGO, live_order, order_in, placing_order, read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("signal_handlers", "products")]

STEPS = ["decide_once", "push_once", "forget_old_keys", "delete_failed_orders", "cancel_old_once", "delete_old_events"]


def stop(number: signal.Signals = signal.SIGTERM) -> int:
    """Send this process a signal, as a supervisor does. As a step, it finds nothing to do."""
    os.kill(os.getpid(), number)
    return 0


class Steps:
    """Replaces the kinds of steps. Each call is counted; `plans` are called first, one after another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: dict[str, list[int]] = {name: [] for name in STEPS}
        self.plans: dict[str, list[Callable[[], int]]] = {name: [] for name in STEPS}
        for name in STEPS:
            monkeypatch.setattr(run_reconciler, name, self._step(name))

    def _step(self, name: str) -> Callable[..., int]:
        def take(*_: object) -> int:
            self.taken[name].append(get_ident())
            return self.plans[name].pop(0)() if self.plans[name] else 0

        return take


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Steps:
    settings.CANCEL_PENDING_AFTER = 3600.0
    settings.EVENT_RETENTION_HOURS = 1
    for interval in ("KEYS_INTERVAL", "CANCEL_INTERVAL"):
        monkeypatch.setattr(run_reconciler, interval, 0.001)
    return Steps(monkeypatch)


def run() -> None:
    call_command("run_reconciler", interval=0.001)


def failing(error: type[Exception]) -> Callable[[], int]:
    def fail() -> int:
        raise error("the test wants this to fail")

    return fail


def test_once_takes_every_step_that_is_due_and_stops(products: FakeProductsApi, lamp: int) -> None:
    canceled, in_doubt = order_in(Status.CANCELED, lamp), placing_order(lamp, age=DUE)
    keyed = live_order(created_at=LONG_AGO, idempotency_key="k", product_id=lamp + 1)

    call_command("run_reconciler", once=True)

    assert sync_state(canceled) == (2, 2, False)
    assert read(in_doubt).failure == Failure.ABORTED
    assert read(keyed).idempotency_key is None
    assert agrees(products, lamp)


def test_once_does_not_wait_for_product_service(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True

    call_command("run_reconciler", once=True)

    assert sync_state(order) == (2, 1, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_gets_a_signal(steps: Steps, number: signal.Signals) -> None:
    steps.plans["push_once"] = [lambda: 0, lambda: 0, lambda: stop(number)]

    run()

    assert len(steps.taken["push_once"]) >= 3


def test_every_kind_of_step_has_its_own_thread(steps: Steps) -> None:
    def stop_when_all_ran() -> int:
        if all(steps.taken.values()):
            stop()
        return 0

    steps.plans["push_once"] = [stop_when_all_ran] * 100_000

    run()

    threads = [set(steps.taken[name]) for name in STEPS]
    assert [len(of_one_kind) for of_one_kind in threads] == [1] * len(STEPS)
    assert len(set.union(*threads)) == len(STEPS)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_steps_are_retried_while_the_database_is_unavailable(steps: Steps, name: str, error: type[Exception]) -> None:
    steps.plans[name] = [failing(error), failing(error), stop]

    run()

    assert len(steps.taken[name]) >= 3


@pytest.mark.parametrize("name", STEPS)
def test_an_unexpected_error_ends_all_loops_and_is_raised(steps: Steps, name: str) -> None:
    steps.plans[name] = [failing(RuntimeError)]

    with pytest.raises(RuntimeError, match="wants"):
        run()


@pytest.mark.parametrize("name", STEPS)
def test_a_stop_does_not_wait_for_ever_for_a_step_that_hangs(
    steps: Steps, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reconciler, "STOP_TIMEOUT", 0.1)
    hangs, ended = Event(), Event()

    def hang() -> int:
        stop()
        hangs.wait(30)
        ended.set()
        return 0

    steps.plans[name] = [hang]

    run()

    assert not ended.is_set()
    hangs.set()
    assert ended.wait(30)


def test_after_a_step_with_work_the_next_one_follows_at_once(steps: Steps) -> None:
    steps.plans["decide_once"] = [lambda: 1] * 50 + [stop]

    call_command("run_reconciler", interval=30.0)

    assert len(steps.taken["decide_once"]) == 51
    assert len(steps.taken["push_once"]) <= 1


@pytest.mark.parametrize("idle", ["decide_once", "push_once"])
def test_a_loop_with_nothing_due_rests(steps: Steps, idle: str) -> None:
    steps.plans["forget_old_keys"] = [lambda: 0] * 50 + [stop]

    call_command("run_reconciler", interval=30.0)

    assert len(steps.taken["forget_old_keys"]) >= 51
    assert len(steps.taken[idle]) <= 1


@pytest.mark.parametrize("interval", ["-1", "0", "nan", "inf", "x"])
def test_an_interval_at_which_it_would_never_rest_or_never_wake_is_refused(interval: str) -> None:
    with pytest.raises(CommandError, match="--interval"):
        call_command("run_reconciler", f"--interval={interval}")


@pytest.mark.postgresql("SQLite in memory is one connection")
def test_it_does_the_work_of_its_steps(products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    canceled, in_doubt = order_in(Status.CANCELED, lamp), placing_order(lamp, age=DUE)
    keyed = live_order(created_at=LONG_AGO, idempotency_key="k")

    def push_and_stop_when_all_is_done() -> int:
        pushed = push_once()
        if read(keyed).idempotency_key is None and read(in_doubt).is_settled and read(canceled).is_settled:
            stop()
        return pushed

    monkeypatch.setattr(run_reconciler, "push_once", push_and_stop_when_all_is_done)

    run()

    assert sync_state(canceled) == (2, 2, False)
    assert read(in_doubt).failure == Failure.ABORTED
