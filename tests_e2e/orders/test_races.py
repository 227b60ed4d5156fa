"""Many at once, on PostgreSQL with two instances of order_service: one unit is sold once, one key makes one order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

import httpx
import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from stack.stack import Stack

BUYERS = 32
ROUNDS = 20
REPEATS = 16


@pytest.fixture
def seller(postgresql_shop: Shop) -> Actor:
    return postgresql_shop.actor("staff", f"clerk-{uuid4()}")


def at_once(people: list[Actor], *, product_id: int, key: str | None = None) -> list[httpx.Response]:
    """Let all of them order one unit at the same moment."""
    ready = Barrier(len(people))

    def buy(actor: Actor) -> httpx.Response:
        ready.wait()
        return actor.place_order(product_id=product_id, quantity=1, key=key)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(buy, people))


def test_32_buyers_of_one_unit_make_exactly_one_order_each_of_20_times(postgresql_shop: Shop, seller: Actor) -> None:
    buyers = [postgresql_shop.actor("customer", f"buyer-{number}") for number in range(BUYERS)]

    for _ in range(ROUNDS):
        product_id = seller.create_product(name=unique("The last one"), stock_quantity=1).json()["id"]

        answers = at_once(buyers, product_id=product_id)

        ledger = postgresql_shop.ledger.of_product(product_id)
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: BUYERS - 1}
        assert {a.json()["type"] for a in answers if a.is_error} == {"/problems/insufficient-stock"}
        assert (ledger.stock, ledger.held, ledger.promised) == (0, [1], [1])


def test_16_requests_with_one_key_make_one_order(postgresql_stack: Stack, postgresql_shop: Shop, seller: Actor) -> None:
    buyer = postgresql_shop.actor("customer", f"buyer-{uuid4()}")
    product_id = seller.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"]
    key = str(uuid4())

    answers = at_once([buyer] * REPEATS, product_id=product_id, key=key)
    late = buyer.place_order(product_id=product_id, quantity=1, key=key)

    assert {"order_service", "order_service-2"} <= set(postgresql_stack.parts)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {a.json()["type"] for a in answers if a.is_error} <= {"/problems/idempotency-in-progress"}
    assert {answer.content for answer in answers if answer.is_success} == {late.content}
    assert late.headers["Idempotent-Replayed"] == "true"
    assert postgresql_shop.ledger.of_product(product_id).promised == [1]


def test_the_same_key_of_two_owners_makes_two_orders(postgresql_shop: Shop, seller: Actor) -> None:
    buyers = [postgresql_shop.actor("customer", f"buyer-{uuid4()}") for _ in range(REPEATS)]
    product_id = seller.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"]

    def placed_by(buyer: Actor) -> int:
        # A busy machine may be too slow for the first request; the same key learns the outcome.
        order = partial(buyer.place_order, product_id=product_id, quantity=1, key="the-same-for-all")
        return int(eventually(order, lambda answer: answer.is_success, within=30).json()["id"])

    with ThreadPoolExecutor(REPEATS) as pool:
        placed = list(pool.map(placed_by, buyers))

    assert len(set(placed)) == REPEATS
