"""Filling the micro-cache: one request asks the service, and those who want the same wait for it, for a set time."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from socket import socket

import httpx
import pytest

from driver.waiting import eventually
from driver.wire import Answer, answers, connection
from gateway.lone_gateway import LoneGateway, lone_gateway
from gateway.seconds import until_the_next_second

CROWD = 50
WAIT = 0.4  # seconds; long, so that a busy machine answers within it
READERS = 8
SERVICE_TIME = 0.01  # seconds
PRODUCT = "/api/v1/products/7/"
REQUEST = b"GET /api/v1/products/7/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway(GATEWAY_CACHE_WAIT=f"{WAIT * 1000:.0f}ms") as running:
        yield running


@contextmanager
def asking(gateway: LoneGateway, clients: int) -> Iterator[list[socket]]:
    """Request the same product on many connections at once, while the service holds its answers back."""
    with ExitStack() as held:
        opened = [held.enter_context(connection(gateway.public_port, timeout=15)) for _ in range(clients)]
        gateway.products.answers.clear()
        until_the_next_second()
        for client in opened:
            client.sendall(REQUEST)
        eventually(lambda: len(gateway.received()), bool, within=2)
        yield opened


def read(client: socket) -> Answer:
    with client.makefile("rb") as incoming:
        (answer,) = answers(incoming.read())
    return answer


def test_one_request_fills_it_while_fifty_others_wait(gateway: LoneGateway) -> None:
    with asking(gateway, CROWD + 1) as clients:
        time.sleep(WAIT / 4)
        gateway.products.answers.set()
        got = [read(client) for client in clients]

    assert {answer.status for answer in got} == {200}
    assert len(gateway.received()) == 1
    assert len({answer.body for answer in got}) == 1
    assert sorted(answer.headers.get("age", "") for answer in got) == [""] + ["0"] * CROWD


def test_waiting_requests_do_not_share_a_refusal(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as clients:
        gateway.products.answer_status = 503
        gateway.products.answers.set()
        eventually(lambda: len(gateway.received()), lambda count: count == 2, within=2)
        got = [read(client) for client in clients]

    assert [answer.status for answer in got] == [503, 503]
    assert len({answer.body for answer in got}) == 2


def test_who_waited_for_the_time_that_is_set_asks_for_itself(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as clients:
        since = time.monotonic()
        eventually(lambda: len(gateway.received()), lambda count: count == 2, within=4)
        waited = time.monotonic() - since
        gateway.products.answers.set()
        got = [read(client) for client in clients]

    assert WAIT / 2 < waited < 4
    assert [answer.status for answer in got] == [200, 200]


def test_many_requests_for_one_product_do_not_delay_those_for_another(gateway: LoneGateway) -> None:
    with asking(gateway, 2), connection(gateway.public_port) as other:
        other.sendall(REQUEST.replace(b"/7/", b"/8/"))

        eventually(lambda: [one["path"][-3:] for one in gateway.received()], lambda seen: "/8/" in seen, within=1)

        gateway.products.answers.set()
        assert read(other).status == 200


def test_the_others_get_an_answer_when_the_filling_client_disconnects(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as (first, second):
        first.close()
        time.sleep(WAIT / 4)
        gateway.products.answers.set()
        since = time.monotonic()

        answer = read(second)

    assert answer.status == 200
    assert time.monotonic() - since < 1.5
    assert len(gateway.received()) <= 2


def test_whoever_meets_a_filling_waits_hardly_longer_than_the_service_takes() -> None:
    with lone_gateway(GATEWAY_REQUESTS_PER_SECOND="100000", GATEWAY_REQUESTS_BURST="100000") as gateway:
        gateway.products.delay = SERVICE_TIME
        with ThreadPoolExecutor(READERS) as readers:
            reads = sum(readers.map(lambda _: read_over_and_over(gateway, seconds=3), range(READERS)))
        lines = [line for line in gateway.log_lines() if line["path"] == PRODUCT]

    # As the gateway measures it: how fast the readers get their turn on a busy machine is another matter.
    waited = sorted(line["duration"] - float(line["upstream_duration"] or 0) for line in lines)
    assert len(waited) == reads
    assert {"HIT", "MISS"} <= {line["cache"] for line in lines}
    assert waited[-1] < SERVICE_TIME + 0.4, "where no time is set, nginx looks every half second"


def read_over_and_over(gateway: LoneGateway, *, seconds: float) -> int:
    """Read one product on one connection for that time. Return how many answers there were."""
    count, until = 0, time.monotonic() + seconds
    with httpx.Client(base_url=gateway.public_url) as client:
        while time.monotonic() < until:
            assert client.get(PRODUCT).status_code == 200
            count += 1
    return count
