"""While product_service is down or hangs, order placement is refused in time and everything else works."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import pytest

from driver.shop import Actor, Shop, unique
from stack.part import Part
from stack.stack import Stack
from support.problems import assert_problem

PROMISED = 3.5  # seconds
READERS = 20
CROWD = 75  # with the readers, fewer than the connections that the gateway grants one address
BUYERS = 15


@dataclass(frozen=True)
class Outage:
    begin: Callable[[Part], None]
    end: Callable[[Part], None]


KILLED = Outage(begin=Part.kill, end=Part.start)
FROZEN = Outage(begin=Part.freeze, end=Part.thaw)


@pytest.fixture
def product_id(clerk: Actor) -> int:
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=1000).json()["id"])


@pytest.fixture
def order_id(product_id: int, customer: Actor) -> int:
    """An order from before the outage."""
    return int(customer.place_order(product_id=product_id, quantity=5).json()["id"])


@pytest.fixture(params=[KILLED, FROZEN], ids=["killed", "frozen"])
def outage(request: pytest.FixtureRequest, stack: Stack, order_id: int) -> Iterator[Part]:  # noqa: ARG001 - it comes first
    products = stack.part("product_service")
    request.param.begin(products)
    yield products
    request.param.end(products)


def place(customer: Actor, product_id: int) -> tuple[str, float]:
    """Place an order. Return the type of the problem that is answered, and the seconds that it took."""
    began = time.monotonic()
    answer = customer.place_order(product_id=product_id, quantity=1)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    return answer.json()["type"], time.monotonic() - began


@pytest.mark.usefixtures("outage")
def test_order_placement_is_refused_in_time(product_id: int, customer: Actor) -> None:
    problem, seconds = place(customer, product_id)

    assert problem == "/problems/order-not-placed"
    assert seconds < PROMISED


@pytest.mark.usefixtures("outage")
def test_many_failing_placements_do_not_delay_20_readers(
    product_id: int, order_id: int, customer: Actor, shop: Shop
) -> None:
    """Requests that find no free slot get `overloaded`, before anything was begun."""

    buyers = [shop.actor("customer", f"buyer-{number}") for number in range(BUYERS)]

    def read(_: int) -> list[int]:
        return [customer.get_order(order_id).status_code for _ in range(5)]

    with ThreadPoolExecutor(CROWD + READERS) as pool:
        placements = [pool.submit(place, buyers[number % BUYERS], product_id) for number in range(CROWD)]
        began = time.monotonic()
        readings = list(pool.map(read, range(READERS)))
        reading_took = time.monotonic() - began

        problems, durations = zip(*(placement.result() for placement in placements), strict=True)

    assert readings == [[200] * 5] * READERS
    assert reading_took < PROMISED
    assert set(problems) <= {"/problems/order-not-placed", "/problems/overloaded"}
    assert median(durations) < PROMISED  # a loaded machine may hold up some of a crowd


@pytest.mark.usefixtures("outage")
def test_an_increase_is_refused_in_time(order_id: int, customer: Actor) -> None:
    began = time.monotonic()

    answer = customer.change_order(order_id, quantity=6)

    assert_problem(answer, "order-not-changed", 503)
    assert time.monotonic() - began < PROMISED
    assert customer.get_order(order_id).json()["quantity"] == 5
