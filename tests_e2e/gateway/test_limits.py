"""The limits of one client, and that slow clients do not harm others."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from driver.waiting import eventually
from driver.wire import connection
from gateway.lone_gateway import lone_gateway
from support.problems import assert_problem

HEAD = b"POST /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"


def test_requests_beyond_the_rate_are_too_many() -> None:
    with (
        lone_gateway(GATEWAY_REQUESTS_PER_SECOND="1", GATEWAY_REQUESTS_BURST="4") as gateway,
        httpx.Client(base_url=gateway.public_url) as client,
    ):
        got = [client.get("/api/v1/orders/") for _ in range(40)]

        refused = next(answer for answer in got if answer.status_code != 200)
        assert [answer.status_code for answer in got[:5]] == [200] * 5
        assert_problem(refused, "too-many-requests", 429)
        assert refused.headers["Retry-After"] == "1"
        assert len(gateway.received()) == sum(answer.status_code == 200 for answer in got)


def test_requests_at_one_time_beyond_the_limit_are_too_many() -> None:
    with lone_gateway(GATEWAY_CONNECTIONS_PER_CLIENT="3") as gateway, ThreadPoolExecutor(3) as others:
        gateway.orders.answers.clear()
        held = [others.submit(httpx.get, f"{gateway.public_url}/api/v1/orders/") for _ in range(3)]
        while len(gateway.orders.received) < 3:
            time.sleep(0.01)

        answer = httpx.get(f"{gateway.public_url}/api/v1/products/")

        gateway.orders.answers.set()
        assert_problem(answer, "too-many-requests", 429)
        assert [future.result().status_code for future in held] == [200] * 3


def test_a_busy_client_within_the_limits_is_never_refused() -> None:
    with (
        lone_gateway(GATEWAY_READ_TIMEOUT="60s") as gateway,  # a loaded machine is slow, which refuses nobody
        httpx.Client(base_url=gateway.public_url, timeout=60) as client,
        ThreadPoolExecutor(32) as pool,
    ):
        got = list(pool.map(lambda _: client.get("/api/v1/orders/").status_code, range(500)))

    assert got == [200] * 500


ONLY_THREE = {
    "GATEWAY_CONNECTIONS_PER_CLIENT": "3",
    "GATEWAY_HEADER_TIMEOUT": "60s",  # both longer than a loaded machine may be away
    "GATEWAY_BODY_TIMEOUT": "60s",
}


def test_a_connection_counts_from_the_end_of_its_header_on() -> None:
    with lone_gateway(**ONLY_THREE) as gateway, ExitStack() as stack:
        begun = [stack.enter_context(connection(gateway.public_port)) for _ in range(4)]
        for each in begun:
            each.sendall(HEAD)
        beside_headers = httpx.get(f"{gateway.public_url}/api/v1/orders/").status_code
        for each in begun[:3]:
            each.sendall(b"\r\n{")
        beside_bodies = eventually(
            lambda: httpx.get(f"{gateway.public_url}/api/v1/orders/").status_code,
            lambda status: status == 429,
            within=30,
        )

    assert (beside_headers, beside_bodies) == (200, 429)


def test_a_header_that_does_not_end_in_time_ends_the_connection() -> None:
    with lone_gateway(GATEWAY_HEADER_TIMEOUT="1s") as gateway, connection(gateway.public_port, timeout=5) as slow:
        slow.sendall(HEAD)

        with pytest.raises(ConnectionResetError):
            slow.recv(1000)

        assert gateway.received() == []


def test_a_body_that_stops_arriving_ends_the_connection() -> None:
    with lone_gateway(GATEWAY_BODY_TIMEOUT="1s") as gateway, connection(gateway.public_port, timeout=5) as slow:
        slow.sendall(HEAD + b"\r\n{")

        with pytest.raises(ConnectionResetError):
            slow.recv(1000)

        assert gateway.received() == []


@contextmanager
def slow_clients(port: int, count: int) -> Iterator[None]:
    """Keep clients that send one byte a second each, half of them in their headers and half in their bodies."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connection(port)) for _ in range(count)]
        for number, client in enumerate(clients):
            client.sendall(HEAD + (b"\r\n{" if number % 2 else b"X-Slow: "))
        enough = threading.Event()

        def drip() -> None:
            while not enough.wait(1):
                for client in clients:
                    client.sendall(b"x")

        dripping = stack.enter_context(ThreadPoolExecutor(1)).submit(drip)
        try:
            yield
        finally:
            enough.set()
        dripping.result()  # every one of them was still connected


def test_200_slow_clients_do_not_delay_another_one() -> None:
    with (
        lone_gateway(GATEWAY_CONNECTIONS_PER_CLIENT="201") as gateway,
        slow_clients(gateway.public_port, 200),
        httpx.Client(base_url=gateway.public_url) as good,
    ):
        began = time.monotonic()
        answers = []
        while time.monotonic() - began < 4:
            answers.append(good.get("/api/v1/orders/"))
            time.sleep(0.01)  # far below the limit of requests

    assert {answer.status_code for answer in answers} == {200}
    assert len(answers) > 100
    assert max(answer.elapsed.total_seconds() for answer in answers) < 1
