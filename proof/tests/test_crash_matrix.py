"""Wherever a process dies or freezes, nothing is lost, doubled or left undecided."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from crashes.matrix import cells
from crashes.scenario import run_scenario
from crashes.test_bed import TestBed

MATRIX = {str(cell): cell for cell in cells()}
AT_ONCE = 6  # scenarios, which mostly wait
# One of each kind, for every run.
REPRESENTATIVE = [
    "place, client repeats: kill after begin (postgresql)",
    "place, client silent: kill after the call (sqlite)",
    "place, client repeats: freeze after the call (sqlite)",
    "place, client repeats: kill after confirm (sqlite)",
    "place, client silent: kill before the commit (sqlite)",
    "place too many, client silent: kill before the commit (postgresql)",
    "place, client repeats: kill after the commit (sqlite)",
    "cancel, client repeats: kill after the change is recorded (sqlite)",
    "decrease, client silent: kill after the commit (postgresql)",
    "increase, client repeats: kill after the call for more (sqlite)",
    "increase, client silent: freeze after the call for more (postgresql)",
    "reconciling a cancel: kill after the claim (sqlite)",
    "reconciling an abandoned placement: kill after the push (postgresql)",
]

ScenarioOf = Callable[[str], "Future[None]"]


@pytest.fixture(scope="module")
def scenario_of(request: pytest.FixtureRequest) -> Iterator[ScenarioOf]:
    """The scenarios that this run selected, a few of them at a time: they mostly wait."""
    items = [
        item for item in request.session.items if isinstance(item, pytest.Function) and item.module is request.module
    ]
    wanted = [MATRIX[name] for name in dict.fromkeys(str(item.callspec.params["name"]) for item in items)]
    with ExitStack() as resources:
        databases = {cell.database for cell in wanted}
        if "postgresql" in databases:
            request.getfixturevalue("postgresql")
        test_beds = {database: resources.enter_context(TestBed(database)) for database in databases}
        pool = resources.enter_context(ThreadPoolExecutor(AT_ONCE))
        futures = {str(cell): pool.submit(run_scenario, cell, test_beds[cell.database]) for cell in wanted}
        yield futures.__getitem__
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", REPRESENTATIVE)
def test_the_ledger_balances_after_a_process_stopped(scenario_of: ScenarioOf, name: str) -> None:
    scenario_of(name).result()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", MATRIX)
def test_the_ledger_balances_wherever_a_process_stops(scenario_of: ScenarioOf, name: str) -> None:
    scenario_of(name).result()
