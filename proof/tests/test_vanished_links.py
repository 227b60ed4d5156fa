"""A server that vanishes without a word: its connections stay open and silent until the fault ends."""

from contextlib import suppress

import pytest

from chaos.proxy.control import Control
from chaos.proxy.fault_set import LinkFault
from driver.stand_in import StandIn
from driver.waiting import eventually
from driver.wire import Address, connection
from tests.proxied import FAULT, GET, LINK, POST, answered, paths

NO_ANSWER = 0.3  # seconds


def test_an_existing_connection_falls_silent_and_what_was_sent_never_arrives(
    proxy: Control, link: Address, service: StandIn
) -> None:
    with connection(link) as opened:
        opened.sendall(POST[:20])
        eventually(lambda: proxy.connections(LINK, proxied(service, link)), bool, within=5)
        proxy.add_fault(LINK, FAULT, LinkFault("vanish"))
        opened.sendall(POST[20:])
        opened.settimeout(NO_ANSWER)
        with pytest.raises(TimeoutError):
            opened.recv(1)
        touched = proxy.remove_fault(LINK, FAULT)
        opened.settimeout(5)
        with suppress(ConnectionResetError):
            assert opened.recv(1) == b""

    assert touched == 1
    assert paths(service) == []


def test_a_new_connection_is_silent_too_and_works_when_the_server_is_back(
    proxy: Control, link: Address, service: StandIn
) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("vanish", deliver=False))
    with connection(link) as opened:
        opened.sendall(GET)
        opened.settimeout(NO_ANSWER)
        with pytest.raises(TimeoutError):
            opened.recv(1)
    proxy.remove_fault(LINK, FAULT)

    assert answered(link, GET) == [200]
    assert paths(service) == ["GET /api/v1/orders/"]


def test_a_new_connection_may_reach_a_server_that_is_back_at_once(proxy: Control, link: Address) -> None:
    proxy.add_fault(LINK, FAULT, LinkFault("vanish", deliver=True))

    meanwhile = answered(link, GET)

    proxy.remove_fault(LINK, FAULT)
    assert meanwhile == [200]


def proxied(service: StandIn, link: Address) -> str:
    """The address that the link leads to."""
    return str(link).removesuffix("link") + service.name
