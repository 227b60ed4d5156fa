"""Whatever step of the protocol a process dies or freezes at, nothing is lost, doubled or left in doubt."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from crashes.bench import Bench
from crashes.matrix import cells
from crashes.story import tell

MATRIX = {str(cell): cell for cell in cells()}
AT_ONCE = 6  # stories, which mostly wait
# One of each kind, for every run.
REPRESENTATIVE = [
    "placing, client repeats: kill after T1 (postgresql)",
    "placing, client silent: kill after the call (sqlite)",
    "placing, client repeats: freeze after the call (sqlite)",
    "placing, client repeats: kill after T3 (sqlite)",
    "placing, client silent: kill before the commit (sqlite)",
    "placing too many, client silent: kill before the commit (postgresql)",
    "placing, client repeats: kill after the commit (sqlite)",
    "canceling, client repeats: kill after less is promised (sqlite)",
    "decreasing, client silent: kill after the commit (postgresql)",
    "increasing, client repeats: kill after more was asked (sqlite)",
    "increasing, client silent: freeze after more was asked (postgresql)",
    "reconciling a cancel: kill after the claim (sqlite)",
    "reconciling an abandoned placing: kill after the push (postgresql)",
]

Telling = Callable[[str], "Future[None]"]


@pytest.fixture(scope="module")
def telling(request: pytest.FixtureRequest) -> Iterator[Telling]:
    """Every story that this run selected, begun as soon as there is room: they overlap, since they mostly wait."""
    items = [
        item for item in request.session.items if isinstance(item, pytest.Function) and item.module is request.module
    ]
    wanted = [MATRIX[name] for name in dict.fromkeys(str(item.callspec.params["name"]) for item in items)]
    with ExitStack() as open_things:
        databases = {cell.database for cell in wanted}
        if "postgresql" in databases:
            request.getfixturevalue("postgresql")
        benches = {database: open_things.enter_context(Bench(database)) for database in databases}
        pool = open_things.enter_context(ThreadPoolExecutor(AT_ONCE))
        futures = {str(cell): pool.submit(tell, cell, benches[cell.database]) for cell in wanted}
        yield futures.__getitem__
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", REPRESENTATIVE)
def test_a_process_that_stops_short_leaves_the_books_in_order(telling: Telling, name: str) -> None:
    telling(name).result()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", MATRIX)
def test_wherever_a_process_stops_short_the_books_are_in_order(telling: Telling, name: str) -> None:
    telling(name).result()
