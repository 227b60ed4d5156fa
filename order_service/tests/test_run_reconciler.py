"""The command that runs the reconciler: it goes on until it is stopped, and whatever is away is waited for."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import get_ident

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError

from orders.management.commands import run_reconciler
from orders.states import Failure, Status
from tests.fake_products_api import FakeProductsApi
from tests.world import LONG_AGO, agrees, listed_order, order_in, read, sync, unfinished_order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_signal_handlers")]

TEN_SECONDS = timedelta(seconds=10)
STEPS = ["decide_once", "push_once", "forget_old_keys"]


@pytest.fixture
def _signal_handlers() -> Iterator[None]:
    saved = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in saved.items():
        signal.signal(number, handler)


def stop(number: signal.Signals = signal.SIGTERM) -> None:
    """Tell this process to stop, as a supervisor does."""
    os.kill(os.getpid(), number)


class Steps:
    """Stand in for the three kinds of steps: each is counted, and may be told what to do at its first takings."""

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
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    monkeypatch.setattr(run_reconciler, "KEYS_INTERVAL", 0.001)
    return Steps(monkeypatch)


def run() -> None:
    call_command("run_reconciler", interval=0.001)


def stopping() -> int:
    stop()
    return 0


def failing(error: type[Exception]) -> Callable[[], int]:
    def fail() -> int:
        raise error("the test wants this to fail")

    return fail


def test_once_takes_every_step_that_is_due_and_stops(products: FakeProductsApi, lamp: int) -> None:
    canceled, in_doubt = order_in(Status.CANCELED, lamp), unfinished_order(lamp, age=TEN_SECONDS)

    call_command("run_reconciler", once=True)

    assert sync(canceled) == (2, 2, False)
    assert read(in_doubt).failure == Failure.ABORTED
    assert agrees(products, lamp)


def test_once_does_not_wait_for_products(products: FakeProductsApi, lamp: int) -> None:
    order = order_in(Status.CANCELED, lamp)
    products.unreachable = True

    call_command("run_reconciler", once=True)

    assert sync(order) == (2, 1, True)


@pytest.mark.usefixtures("products")
def test_once_forgets_old_keys() -> None:
    order = listed_order(created_at=LONG_AGO, idempotency_key="k")

    call_command("run_reconciler", once=True)

    assert read(order).idempotency_key is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("products")
def test_it_goes_on_until_it_is_told_to_stop(steps: Steps, number: signal.Signals) -> None:
    def stop_now() -> int:
        stop(number)
        return 0

    steps.plans["push_once"] = [lambda: 0, lambda: 0, stop_now]

    run()

    assert len(steps.taken["push_once"]) >= 3


@pytest.mark.usefixtures("products")
def test_every_kind_of_step_has_a_thread_of_its_own(steps: Steps) -> None:
    def stop_when_all_ran() -> int:
        if all(steps.taken.values()):
            stop()
        return 0

    steps.plans["push_once"] = [stop_when_all_ran] * 100_000

    run()

    threads = [set(steps.taken[name]) for name in STEPS]
    assert [len(of_one_kind) for of_one_kind in threads] == [1, 1, 1]
    assert len(set.union(*threads)) == 3


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.usefixtures("products")
def test_a_database_that_is_away_is_waited_for(steps: Steps, name: str, error: type[Exception]) -> None:
    steps.plans[name] = [failing(error), failing(error), stopping]

    run()

    assert len(steps.taken[name]) >= 3


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.usefixtures("products")
def test_an_error_that_nobody_expected_ends_all_loops_and_is_raised(steps: Steps, name: str) -> None:
    steps.plans[name] = [failing(RuntimeError)]

    with pytest.raises(RuntimeError, match="wants"):
        run()


@pytest.mark.usefixtures("products")
def test_where_something_was_due_it_looks_again_without_a_pause(steps: Steps) -> None:
    steps.plans["decide_once"] = [lambda: 1] * 50 + [stopping]

    call_command("run_reconciler", interval=30.0)

    assert len(steps.taken["decide_once"]) == 51
    assert len(steps.taken["push_once"]) <= 1


def test_it_does_the_work_of_its_steps(
    products: FakeProductsApi,
    lamp: int,
    on_postgresql: bool,  # noqa: FBT001 - a fixture
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite in memory is one connection")
    canceled, in_doubt = order_in(Status.CANCELED, lamp), unfinished_order(lamp, age=TEN_SECONDS)
    keyed = listed_order(created_at=LONG_AGO, idempotency_key="k")

    def stop_when_done(_: object) -> None:
        if read(keyed).idempotency_key is None and read(in_doubt).failure:
            stop()

    products.on_request = stop_when_done

    run()

    assert sync(canceled) == (2, 2, False)
    assert read(in_doubt).failure == Failure.ABORTED
