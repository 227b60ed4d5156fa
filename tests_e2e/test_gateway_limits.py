"""How much one client may ask for at once, and that slow ones harm nobody else."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from driver.lone_gateway import lone_gateway
from driver.problems import assert_problem
from driver.wire import connection

SLOW_CLIENTS = 200
HEAD = b"POST /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"


def test_requests_beyond_the_rate_are_too_many() -> None:
    with lone_gateway(GATEWAY_REQUESTS_PER_SECOND="1", GATEWAY_REQUESTS_BURST="4") as gateway:
        got = [httpx.get(f"{gateway.public_url}/api/v1/orders/") for _ in range(10)]

        assert [answer.status_code for answer in got[:5]] == [200] * 5
        assert_problem(got[-1], "too-many-requests", 429)
        assert got[-1].headers["Retry-After"] == "1"
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


def test_an_honest_busy_client_meets_no_limit() -> None:
    with lone_gateway() as gateway, httpx.Client(base_url=gateway.public_url) as client, ThreadPoolExecutor(32) as pool:
        got = list(pool.map(lambda _: client.get("/api/v1/orders/").status_code, range(500)))

    assert got == [200] * 500


def test_a_header_that_does_not_end_in_time_ends_the_connection() -> None:
    with lone_gateway(GATEWAY_HEADER_TIMEOUT="1s") as gateway, connection(gateway.public_port, timeout=5) as slow:
        slow.sendall(HEAD)

        with pytest.raises(ConnectionResetError):
            slow.recv(1000)

        assert gateway.received() == []


def test_a_body_that_does_not_go_on_ends_the_connection() -> None:
    with lone_gateway(GATEWAY_BODY_TIMEOUT="1s") as gateway, connection(gateway.public_port, timeout=5) as slow:
        slow.sendall(HEAD + b"\r\n{")

        with pytest.raises(ConnectionResetError):
            slow.recv(1000)

        assert gateway.received() == []


def test_200_slow_clients_do_not_keep_a_good_one_from_its_answers() -> None:
    """One byte a second each, half of them in their headers and half in their bodies."""
    with lone_gateway() as gateway, ExitStack() as slow_ones, ThreadPoolExecutor(1) as drip:
        slow = [slow_ones.enter_context(connection(gateway.public_port)) for _ in range(SLOW_CLIENTS)]
        for number, client in enumerate(slow):
            client.sendall(HEAD + (b"\r\n{" if number % 2 else b"X-Slow: "))
        enough = threading.Event()

        def drip_on() -> None:
            while not enough.wait(1):
                for client in slow:
                    client.sendall(b"x")

        dripping = drip.submit(drip_on)
        with httpx.Client(base_url=gateway.public_url) as good:
            began = time.monotonic()
            durations = []
            while time.monotonic() - began < 4:
                answer = good.get("/api/v1/orders/")
                durations.append(answer.elapsed.total_seconds())
                assert answer.status_code == 200
        enough.set()
        dripping.result()

        assert len(durations) > 100
        assert max(durations) < 1
