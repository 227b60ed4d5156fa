"""Who counts as one client, and whose word about a client is believed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway

LIST = "/api/v1/products/"
# An address, others that count as the same client, and others that do not.
CLIENTS = {
    "192.0.2.1": (
        ["::ffff:192.0.2.1", "::FFFF:C000:201", "0:0:0:0:0:ffff:c000:0201", "64:ff9b::192.0.2.1"],
        ["192.0.2.2", "::ffff:192.0.2.2", "::192.0.2.1", "64:ff9b:1::192.0.2.1", "c000:201::"],
    ),
    "2001:db8:1:2::1": (
        [
            "2001:db8:1:2::",
            "2001:DB8:1:2:3:4:5:6",
            "2001:0db8:0001:0002:ffff:ffff:ffff:ffff",
            "2001:db8:1:2::192.0.2.1",
            "[2001:db8:1:2::7]:4711",
        ],
        ["2001:db8:1:3::1", "2001:db8:1::2", "2001:db8:1:2:", "2001:db8::1:2:0:0:1", "::2001:db8:1:2"],
    ),
    "2001:db8::1": (["2001:db8::", "2001:db8:0:0:1::", "2001:db8::ffff:0:0:1"], ["2001:db8:0:1::1", "2001:db8:1::1"]),
    "2001:db8:a0a:a0d::a0a": (["2001:db8:a0a:a0d:a0a:a0a:a0a:a0a"], ["2001:db8:a0a:a0c::a0a"]),
    "::1": (["::2", "::ffff"], ["::1:0:0:0:1", "127.0.0.1"]),
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway(GATEWAY_CONNECTIONS_PER_CLIENT="1", GATEWAY_TRUSTED_PROXY="127.0.0.1") as running:
        yield running


def status_of(gateway: LoneGateway, address: str) -> int:
    return httpx.get(gateway.public_url + LIST, headers={"X-Forwarded-For": address}).status_code


@pytest.mark.parametrize("client", CLIENTS)
def test_an_ipv6_client_is_a_network_of_64_bits_and_an_ipv4_client_an_address(
    gateway: LoneGateway, client: str
) -> None:
    same, others = CLIENTS[client]
    gateway.orders.answers.clear()
    before = len(gateway.orders.received)
    with ThreadPoolExecutor(1) as thread:
        url, headers = f"{gateway.public_url}/api/v1/orders/", {"X-Forwarded-For": client}
        held = thread.submit(httpx.get, url, headers=headers)
        while len(gateway.orders.received) == before:
            time.sleep(0.01)

        answers = {address: status_of(gateway, address) for address in [*same, *others]}

        gateway.orders.answers.set()
        assert held.result().status_code == 200
    assert answers == {**dict.fromkeys(same, 429), **dict.fromkeys(others, 200)}


def believed(networks: str, forwarded: str, *, internal: bool = False) -> str:
    """Return the address that product_service is told, for a client of this machine."""
    with lone_gateway(GATEWAY_TRUSTED_PROXY=networks) as gateway:
        url = gateway.internal_url if internal else gateway.public_url
        httpx.get(url + LIST, headers={"X-Forwarded-For": forwarded})
        headers: list[tuple[str, str]] = gateway.products.received[-1]["headers"]
    return dict(headers)["x-forwarded-for"]


@pytest.mark.parametrize(
    "networks",
    [
        "127.0.0.1/32",
        "127.0.0.1",
        "192.0.2.0/24,127.0.0.0/8",
        "192.0.2.0/24 127.0.0.1",
        " 2001:db8::/32 ,  127.0.0.1, 192.0.2.0/24 ",
    ],
)
def test_what_a_trusted_balancer_says_is_believed(networks: str) -> None:
    assert believed(networks, "6.6.6.6, 203.0.113.9") == "203.0.113.9"


def test_a_chain_of_trusted_balancers_leads_to_the_first_address_that_is_none_of_them() -> None:
    assert believed("127.0.0.1, 198.51.100.0/24", "6.6.6.6, 203.0.113.9, 198.51.100.7") == "203.0.113.9"


@pytest.mark.parametrize("networks", ["192.0.2.0/24,198.51.100.0/24", ""])
def test_what_anybody_else_says_is_not(networks: str) -> None:
    assert believed(networks, "203.0.113.9") == "127.0.0.1"


def test_the_internal_listener_believes_nobody() -> None:
    assert believed("127.0.0.1", "203.0.113.9", internal=True) == "127.0.0.1"


def test_a_clerks_address_for_the_limit_of_logins_cannot_be_made_up() -> None:
    with lone_gateway(GATEWAY_TRUSTED_PROXY="127.0.0.1", GATEWAY_ADMIN_LOGINS_PER_MINUTE="1") as gateway:
        url = f"{gateway.internal_url}/admin/products/login/"
        answers = [httpx.post(url, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(8)]

    assert answers[0] == 200
    assert answers[-1] == 429
