"""After 20,000 orders a web worker is within its memory budget and no longer grows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil
import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from stack.registry import SERVICES
from stack.stack import Stack

BUDGET = 90.0  # MiB of resident memory, shared pages included
LEAK = 5.0  # MiB that three quarters of the orders may add: caches fill up, threads see their first request
ORDERS = 20_000
BUYERS = 64

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]


@pytest.fixture
def busy_stack(postgresql: Path) -> Iterator[Stack]:  # noqa: ARG001 - it skips where there is no PostgreSQL
    """A shop of its own with default settings, so that no other test has filled its memory."""
    env = {"order_service": {"ORDERS_OPEN_PER_OWNER_MAX": "0", "PLACING_SHARE_PER_OWNER": "64"}}  # one buyer
    with Stack(database="postgresql", env=env) as running:
        yield running


def largest_worker(stack: Stack) -> float:
    """The resident memory of the largest of both services' workers, in MiB."""
    masters = [psutil.Process(stack.part(service).pid) for service in SERVICES]
    return max(worker.memory_info().rss for master in masters for worker in master.children()) / 2**20


def place(buyer: Actor, product_id: int, *, orders: int) -> None:
    def one(number: int) -> None:
        order = partial(buyer.place_order, product_id=product_id, quantity=1, key=unique(f"order-{number}"))
        # A busy machine may be too slow for the first request; the same key places one order.
        eventually(lambda: order().status_code, (201).__eq__, within=30)

    with ThreadPoolExecutor(BUYERS) as pool:
        list(pool.map(one, range(orders)))


def test_a_worker_stays_within_its_budget_through_20_000_orders(busy_stack: Stack) -> None:
    shop = Shop(public_url=busy_stack.public_url, internal_url=busy_stack.internal_url, keys=busy_stack.keys)
    clerk, buyer = shop.actor("staff", "clerk"), shop.actor("customer", "buyer")
    product_id = clerk.create_product(name="Desk lamp", stock_quantity=ORDERS).json()["id"]

    place(buyer, product_id, orders=ORDERS // 4)
    early = largest_worker(busy_stack)
    place(buyer, product_id, orders=ORDERS - ORDERS // 4)
    late = largest_worker(busy_stack)

    shop.close()
    assert late < BUDGET
    assert late - early < LEAK
