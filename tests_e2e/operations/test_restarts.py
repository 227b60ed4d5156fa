"""Restarts under load: of PostgreSQL, which loses nothing, and of order_service, which drops nothing."""

from uuid import uuid4

import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from operations.load import load
from stack.stack import Stack

SLOW = {"overloaded", "order-not-placed", "outcome-unknown", "gateway-timeout", "idempotency-in-progress"}
SYNCED_WITHIN = 15.0  # seconds
WORKS_WITHIN = 60.0  # seconds for fifty orders, on a busy machine too


@pytest.fixture
def buyer(postgresql_shop: Shop) -> Actor:
    return postgresql_shop.actor("customer", f"buyer-{uuid4()}")


@pytest.fixture
def product_id(postgresql_shop: Shop) -> int:
    seller = postgresql_shop.actor("staff", f"clerk-{uuid4()}")
    return int(seller.create_product(name=unique("Desk lamp"), stock_quantity=1_000_000).json()["id"])


def test_a_restart_of_postgresql_loses_no_order_and_no_process_needs_one(
    postgresql_stack: Stack, postgresql_shop: Shop, buyer: Actor, product_id: int
) -> None:
    pids = {name: part.pid for name, part in postgresql_stack.parts.items() if name != "postgresql"}

    with load(buyer, product_id) as seen:
        eventually(lambda: len(seen.placed), lambda placed: placed > 50, within=WORKS_WITHIN)
        postgresql_stack.part("postgresql").restart()
        placed_before = len(seen.placed)
        eventually(lambda: len(seen.placed), lambda placed: placed > placed_before + 50, within=WORKS_WITHIN)

    eventually(lambda: postgresql_shop.ledger.of_product(product_id).is_balanced, bool, within=SYNCED_WITHIN)
    stored = {order["id"] for order in postgresql_shop.ledger.orders(product_id)}
    assert set(seen.placed) <= stored
    assert len(set(seen.placed)) == len(seen.placed)
    assert "no drift" in postgresql_stack.order_service.run("audit_reservations")
    assert {name: part.pid for name, part in postgresql_stack.parts.items() if name in pids} == pids
    assert postgresql_stack.ended() == []


def test_a_graceful_restart_of_order_service_drops_no_accepted_request(
    postgresql_stack: Stack, postgresql_shop: Shop, buyer: Actor, product_id: int
) -> None:
    """
    One instance after the other, as a rolling deployment does it.

    The gateway repeats no request. It answers 502 where an instance does not listen, and the other one may be too slow
    for a moment, or for long on a busy machine: then it says so, or the same key learns the outcome. Every accepted
    request is answered: each stored order was confirmed to its customer.
    """
    with load(buyer, product_id) as seen:
        for name in ("order_service", "order_service-2"):
            expected = len(seen.placed) + 50
            eventually(lambda: len(seen.placed), expected.__lt__, within=WORKS_WITHIN)
            postgresql_stack.part(name).restart()
        expected = len(seen.placed) + 50
        eventually(lambda: len(seen.placed), expected.__lt__, within=WORKS_WITHIN)

    assert seen.lost == []
    assert seen.problems <= SLOW | {"bad-gateway"}
    assert {order["id"] for order in postgresql_shop.ledger.orders(product_id)} == set(seen.placed)
