"""The host of a database vanishes without a word: its packets are dropped, and no connection is closed."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from operations.load import load
from operations.own_database import make_server, open_shop, stack_on
from stack.registry import SERVICES
from stack.services import answers_ready
from stack.stack import Stack
from support.network import Network, network_of_its_own

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

PORT = 5432
WORKS_WITHIN = 11.0  # seconds
ENDS_WITHIN = 15.0
# All threads have a connection that is lost: they must notice it themselves.
few_threads = pytest.param(({"WEB_CONCURRENCY": "1", "WEB_THREADS": "4"}, ""), id="few threads")
# Whoever waits for an answer waits for ever: the lead must be lost, and a stop must not wait.
for_ever = pytest.param(({"WEB_CONCURRENCY": "1"}, "tcp_user_timeout=0"), id="waiting for ever")
ANY_NUMBER = {"ORDERS_OPEN_PER_OWNER_MAX": "0"}  # of pending orders
# Tests that share a stack stand together, and so it starts once.
SYNCED_WITHIN = 30.0
REFUSED_MEANWHILE = {"order-not-placed", "outcome-unknown", "idempotency-in-progress", "overloaded", "gateway-timeout"}
LONGEST_ANSWER = 6.5  # the gateway waits for 6 s


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with network_of_its_own() as made:
        yield made


@pytest.fixture(scope="module")
def stack(postgresql: Path, network: Network, request: pytest.FixtureRequest) -> Iterator[Stack]:  # noqa: ARG001 - it is in it
    """A shop whose services reach their databases over the network, with variables and parameters of the test."""
    variables, parameters = request.param
    url = f"postgresql://{{0}}@127.0.0.1:{PORT}/{{0}}?{parameters}"
    made = stack_on(
        make_server(postgresql),
        env={name: {**variables, **ANY_NUMBER, "DATABASE_URL": url.format(name)} for name in SERVICES},
        options=["-c", "listen_addresses=127.0.0.1"],
    )
    with made:
        yield made


@pytest.fixture(autouse=True)
def _a_network_that_is_mended(network: Network) -> Iterator[None]:
    yield
    network.lose_nothing()


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = open_shop(stack)
    yield opened
    opened.close()


@pytest.fixture
def buyer(shop: Shop) -> Actor:
    return shop.actor("customer", f"buyer-{uuid4()}")


@pytest.fixture
def product_id(shop: Shop) -> int:
    seller = shop.actor("staff", f"clerk-{uuid4()}")
    return int(seller.create_product(name=unique("Desk lamp"), stock_quantity=1_000_000).json()["id"])


def place_on_after_every_connection_is_lost(
    network: Network, buyer: Actor, product_id: int, *, orders: int, within: float
) -> None:
    with load(buyer, product_id) as seen:
        eventually(lambda: len(seen.placed), lambda placed: placed > 50, within=20)

        network.lose_connections(PORT)

        placed_before = len(seen.placed)  # up to six more are answered already
        eventually(lambda: len(seen.placed), lambda placed: placed > placed_before + orders, within=within)

    assert seen.lost == []
    assert seen.problems <= REFUSED_MEANWHILE


@pytest.mark.parametrize("stack", [few_threads], indirect=True)
def test_orders_are_placed_again_soon_after_every_connection_is_lost(
    stack: Stack, network: Network, shop: Shop, buyer: Actor, product_id: int
) -> None:
    place_on_after_every_connection_is_lost(network, buyer, product_id, orders=10, within=WORKS_WITHIN)

    eventually(lambda: shop.ledger.of_product(product_id).is_balanced, bool, within=SYNCED_WITHIN)
    assert "no drift" in stack.order_service.run("audit_reservations")


@pytest.mark.parametrize("stack", [few_threads], indirect=True)
def test_while_it_is_away_every_request_is_answered_and_no_process_is_ready(
    stack: Stack, network: Network, buyer: Actor, product_id: int
) -> None:
    network.lose_everything(PORT)

    took, statuses = [], []
    for _ in range(3):
        began = time.monotonic()
        statuses += [buyer.place_order(product_id=product_id, quantity=1).status_code, buyer.list_orders().status_code]
        took.append(time.monotonic() - began)

    assert set(statuses) <= {503, 504}
    assert max(took) < 2 * LONGEST_ANSWER
    assert not answers_ready(stack.part("order_service").address)
    network.lose_nothing()
    eventually(
        lambda: buyer.place_order(product_id=product_id, quantity=1).status_code,
        lambda status: status == 201,
        within=WORKS_WITHIN,
    )


@pytest.mark.parametrize("stack", [few_threads, for_ever], indirect=True)
def test_the_reconciler_ends_while_it_is_away(stack: Stack, network: Network) -> None:
    reconciler = stack.part("reconciler")
    network.lose_everything(PORT)
    time.sleep(1)  # it looks for work every half second, so that it waits for an answer now

    began = time.monotonic()
    reconciler.stop()

    assert time.monotonic() - began < ENDS_WITHIN
    assert "reconciler stopped" in reconciler.last_lines()
    network.lose_nothing()
    reconciler.start()


@pytest.mark.parametrize("stack", [for_ever], indirect=True)
def test_orders_are_placed_while_a_leader_still_waits_for_an_answer(
    stack: Stack,  # noqa: ARG001 - its service's leader waits
    network: Network,
    buyer: Actor,
    product_id: int,
) -> None:
    # So many that each thread with a lost connection gets to lead.
    place_on_after_every_connection_is_lost(network, buyer, product_id, orders=300, within=3 * WORKS_WITHIN)
