"""Every contender that is compared places orders and takes their stock, a whole group of them too."""

import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from stack.postgres import find_postgres

from bench.crash import WORKER, crash, repeat
from bench.customers import Customer, busy_customers
from bench.lineup import COMPARED, contender
from bench.plan import MIXED
from bench.rounds import Bench, Setting
from bench.stores import STOCK
from bench.workplace import make_stores, open_bench

# Without the two that lose stock, which is their point.
SOUND = [
    *(name for name in COMPARED if name not in {"article", "usual_port"}),
    "sqlite",
    "twice",
]
READ = ("ours", "monolith", "usual")
ORDERS = 40  # at least
TIMEOUT = 60.0  # seconds

pytestmark = pytest.mark.skipif(find_postgres() is None, reason="needs PostgreSQL's programs")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as bench:
        yield bench


@pytest.mark.parametrize("name", SOUND)
def test_orders_take_their_stock_and_a_refused_one_takes_none(bench: Bench, name: str) -> None:
    sold = contender(bench.site, name)
    make_stores([sold], products=10)
    bench.refresh(sold)

    with bench.start(sold) as running:
        running.drain()
        opening, deadline = sold.ledger.read(), time.monotonic() + TIMEOUT
        with busy_customers(running, 8) as crowd:
            with closing(Customer(running, "greedy")) as greedy:
                refused = greedy.order(1, quantity=STOCK)
            while len(crowd.statuses) < ORDERS and time.monotonic() < deadline:
                time.sleep(0.1)

    closing_account = sold.ledger.read()
    assert refused.status_code in {409, 422}  # the shop sells fewer units in one order, whatever its stock
    assert set(crowd.statuses) == {201}
    assert len(crowd.statuses) >= ORDERS
    assert closing_account.orders - opening.orders == len(crowd.statuses)
    assert closing_account.error_since(opening) == 0


def test_a_workflow_whose_worker_was_killed_is_completed_by_the_next_one(bench: Bench) -> None:
    dbos = contender(bench.site, "dbos")
    make_stores([dbos], products=10)

    killed = crash(bench, dbos, WORKER)

    assert killed.undecided > 0
    assert killed.alone < float("inf")
    assert killed.stock_error == 0


def test_a_repeat_with_another_body_is_told_apart_by_all_but_the_workflow(bench: Bench) -> None:
    contenders = {name: contender(bench.site, name) for name in ("dbos", "guarded_grouped", "ours")}
    make_stores(contenders.values(), products=10)

    told = {name: repeat(bench, each)[:3] for name, each in contenders.items()}

    assert told == {"dbos": "201", "guarded_grouped": "422", "ours": "422"}


@pytest.mark.parametrize("name", READ)
def test_each_request_of_the_mixed_load_is_answered_and_the_ledger_stays_balanced(bench: Bench, name: str) -> None:
    mixed = contender(bench.site, name)
    make_stores([mixed], products=10)
    bench.refresh(mixed)

    done = bench.run(mixed, Setting(clients=4, products=10, warm_up=1, seconds=1, shares=MIXED))

    assert (done.refused, done.failed, done.stock_error) == (0, 0, 0)
    assert done.per_second > 0


@pytest.mark.parametrize("name", READ)
def test_a_page_has_as_many_products_as_requested(bench: Bench, name: str) -> None:
    listed = contender(bench.site, name)
    make_stores([listed], products=10)
    bench.refresh(listed)

    with bench.start(listed) as running, httpx.Client(base_url=running.url, trust_env=False) as visitor:
        page = visitor.get("/api/v1/products/", params={"page_size": 7}).json()

    assert [product["name"] for product in page["results"]] == [f"Product {number:07}" for number in range(1, 8)]
    assert page["next"]
