"""Every contender that is compared places orders and takes their stock, a whole group of them too."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from stack.postgres import find_postgres

from bench.crash import WORKER, crash, repeat
from bench.customers import Customer, busy_customers
from bench.lineup import LINEUP
from bench.rounds import Bench
from bench.stores import STOCK
from bench.workplace import make_stores, open_bench

SOUND = [name for name in LINEUP if name not in {"article", "usual_port"}]  # these lose stock, which is their point
ORDERS = 40  # at least
TIMEOUT = 60.0  # seconds

pytestmark = pytest.mark.skipif(find_postgres() is None, reason="needs PostgreSQL's programs")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as bench:
        yield bench


@pytest.mark.parametrize("name", SOUND)
def test_orders_take_their_stock_and_a_refused_one_takes_none(bench: Bench, name: str) -> None:
    contender = LINEUP[name](bench.site)
    make_stores([contender], products=10)
    bench.refresh(contender)
    opening, deadline = contender.ledger.read(), time.monotonic() + TIMEOUT

    with bench.start(contender) as running, busy_customers(running, 8) as crowd:
        with closing(Customer(running, "greedy")) as greedy:
            refused = greedy.order(1, quantity=STOCK)
        while len(crowd.statuses) < ORDERS and time.monotonic() < deadline:
            time.sleep(0.1)

    closing_account = contender.ledger.read()
    assert refused.status_code in {409, 422}  # the shop sells fewer units in one order, whatever its stock
    assert set(crowd.statuses) == {201}
    assert len(crowd.statuses) >= ORDERS
    assert closing_account.orders == len(crowd.statuses) + 1  # the first one shows that it runs
    assert closing_account.error_since(opening) == 0


def test_a_workflow_whose_worker_was_killed_is_completed_by_the_next_one(bench: Bench) -> None:
    contender = LINEUP["dbos"](bench.site)
    make_stores([contender], products=10)

    killed = crash(bench, contender, WORKER)

    assert killed.undecided > 0
    assert killed.alone < float("inf")
    assert killed.stock_error == 0


def test_a_repeat_with_another_body_is_told_apart_by_all_but_the_workflow(bench: Bench) -> None:
    contenders = {name: LINEUP[name](bench.site) for name in ("dbos", "guarded_grouped", "ours")}
    make_stores(contenders.values(), products=10)

    told = {name: repeat(bench, contender)[:3] for name, contender in contenders.items()}

    assert told == {"dbos": "201", "guarded_grouped": "422", "ours": "422"}
