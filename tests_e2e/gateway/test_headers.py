"""The headers that pass the gateway, in either direction."""

from collections.abc import Iterator

import httpx
import pytest

from driver.wire import exchange
from gateway.lone_gateway import LoneGateway, lone_gateway


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


def at_service(gateway: LoneGateway, sent: dict[str, str]) -> dict[str, str]:
    """The headers that arrive when these are sent."""
    return dict(httpx.get(f"{gateway.public_url}/api/v1/orders/", headers=sent).json()["headers"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer abc"),
        ("Idempotency-Key", "key-1"),
        ("If-Match", '"7"'),
        ("If-None-Match", '"7"'),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("Host", "shop.example:8080"),
    ],
)
def test_headers_that_the_apis_need_pass(gateway: LoneGateway, name: str, value: str) -> None:
    assert at_service(gateway, {name: value})[name.lower()] == value


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "X-Real-IP",
        "X-Original-URL",
        "X-HTTP-Method-Override",
        "Forwarded",
        "Proxy",
        "Proxy-Authorization",
        "Upgrade",
        "Keep-Alive",
        "TE",
        "X_Underscored",
        "X_Request_ID",
        "Cookie",
        "X-Repeated-Headers",
    ],
)
def test_headers_that_clients_must_not_send_are_removed(gateway: LoneGateway, name: str) -> None:
    arrived = at_service(gateway, {name: "evil-value"})

    assert name.lower() not in arrived
    assert "evil-value" not in arrived.values()


def test_what_may_be_kept_for_everybody_depends_on_no_other_header(gateway: LoneGateway) -> None:
    sent = {"Cookie": "evil", "Accept-Language": "de", **{f"X-{number}": "x" for number in range(500)}}

    arrived = dict(httpx.get(f"{gateway.public_url}/api/v1/products/", headers=sent).json()["headers"])

    assert sorted(arrived) == [
        "accept",
        "host",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-request-id",
    ]


def test_a_control_character_in_a_header_that_passes_is_refused(gateway: LoneGateway) -> None:
    request = (
        b"GET /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \x01\r\nConnection: close\r\n\r\n"
    )
    before = len(gateway.received())

    (answer,) = exchange(gateway.public_port, request)

    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert gateway.received()[before:] == []


def test_the_gateway_sets_the_forwarded_address_and_scheme(gateway: LoneGateway) -> None:
    arrived = at_service(gateway, {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"})

    assert (arrived["x-forwarded-for"], arrived["x-forwarded-proto"]) == ("127.0.0.1", "http")


@pytest.mark.parametrize("path", ["/api/v1/orders/", "/nowhere", "/problems/"])
def test_every_answer_carries_the_security_headers_once(gateway: LoneGateway, path: str) -> None:
    gateway.orders.answer_headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}

    answer = httpx.get(gateway.public_url + path)

    gateway.orders.answer_headers = {}
    assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_list("Referrer-Policy") == ["no-referrer"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in answer.headers


def test_no_answer_reveals_a_version(gateway: LoneGateway) -> None:
    gateway.orders.answer_headers = {"Server": "gunicorn/1.2.3"}

    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/")

    gateway.orders.answer_headers = {}
    assert answer.headers.get_list("Server") == ["nginx"]


def test_connections_to_a_service_are_kept(gateway: LoneGateway) -> None:
    with httpx.Client(base_url=gateway.public_url) as client:
        client.get("/api/v1/orders/")
        before = gateway.orders.connections
        for _ in range(20):
            client.get("/api/v1/orders/")

    assert gateway.orders.connections == before
