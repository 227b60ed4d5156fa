"""Filling the micro-cache: one request asks the service, and those who want the same wait for it, up to two seconds."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socket import socket

import pytest

from driver.waiting import eventually
from driver.wire import Answer, answers, connection
from gateway.lone_gateway import LoneGateway, lone_gateway
from gateway.seconds import until_the_next_second

CROWD = 50
REQUEST = b"GET /api/v1/products/7/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


@contextmanager
def asking(gateway: LoneGateway, clients: int) -> Iterator[list[socket]]:
    """Ask for the same product on as many connections at once, while the service holds its answers back."""
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
        time.sleep(0.3)
        gateway.products.answers.set()
        got = [read(client) for client in clients]

    assert {answer.status for answer in got} == {200}
    assert len(gateway.received()) == 1
    assert len({answer.body for answer in got}) == 1
    assert sorted(answer.headers.get("age", "") for answer in got) == [""] + ["0"] * CROWD


def test_a_refusal_is_not_shared_with_those_who_wait(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as clients:
        gateway.products.answer_status = 503
        gateway.products.answers.set()
        eventually(lambda: len(gateway.received()), lambda count: count == 2, within=2)
        got = [read(client) for client in clients]

    assert [answer.status for answer in got] == [503, 503]
    assert len({answer.body for answer in got}) == 2


def test_who_waited_for_two_seconds_asks_for_itself(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as clients:
        since = time.monotonic()
        eventually(lambda: len(gateway.received()), lambda count: count == 2, within=4)
        waited = time.monotonic() - since
        gateway.products.answers.set()
        got = [read(client) for client in clients]

    assert 1.5 < waited < 4
    assert [answer.status for answer in got] == [200, 200]


def test_a_crowd_at_one_product_keeps_nobody_from_another(gateway: LoneGateway) -> None:
    with asking(gateway, 2), connection(gateway.public_port) as other:
        other.sendall(REQUEST.replace(b"/7/", b"/8/"))

        eventually(lambda: [one["path"][-3:] for one in gateway.received()], lambda seen: "/8/" in seen, within=1)

        gateway.products.answers.set()
        assert read(other).status == 200


def test_who_leaves_while_filling_it_leaves_nobody_without_an_answer(gateway: LoneGateway) -> None:
    with asking(gateway, 2) as (first, second):
        first.close()
        time.sleep(0.2)
        gateway.products.answers.set()
        since = time.monotonic()

        answer = read(second)

    assert answer.status == 200
    assert time.monotonic() - since < 1.5
    assert len(gateway.received()) <= 2
