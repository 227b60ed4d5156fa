"""The gateway's own refusals are problem+json, like a service's; a service's pass untouched."""

import re
from collections.abc import Iterator

import httpx
import pytest

from driver.contracts import METHODS, contract
from driver.wire import exchange
from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.registry import SERVICES
from support.problems import assert_problem

HEAD = b"Host: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway(GATEWAY_READ_TIMEOUT="300ms") as running:
        yield running


def test_an_unknown_address_is_not_found_and_named(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/nothing/here?token=secret")

    assert_problem(answer, "not-found", 404)
    assert answer.json()["instance"] == "/nothing/here"


def test_an_address_that_needs_escaping_is_not_in_the_answer(gateway: LoneGateway) -> None:
    (answer,) = exchange(gateway.public_port, b'GET /"><script> HTTP/1.1\r\n' + HEAD + b"\r\n")

    assert answer.status == 404
    assert b"script" not in answer.body


def test_a_body_over_the_limit_is_refused(gateway: LoneGateway) -> None:
    answer = httpx.post(f"{gateway.public_url}/api/v1/orders/", content=b"x" * (64 * 1024 + 1))

    assert_problem(answer, "payload-too-large", 413)


def test_a_body_at_the_limit_passes(gateway: LoneGateway) -> None:
    answer = httpx.post(f"{gateway.public_url}/api/v1/orders/", content=b"x" * (64 * 1024))

    assert (answer.status_code, len(answer.json()["body"])) == (200, 64 * 1024)


def test_a_chunked_body_over_the_limit_is_refused(gateway: LoneGateway) -> None:
    before = len(gateway.received())

    answer = httpx.post(f"{gateway.public_url}/api/v1/orders/", content=(b"x" * 1024 for _ in range(65)))

    assert_problem(answer, "payload-too-large", 413)
    assert gateway.received()[before:] == []


def test_an_address_over_the_limit_is_refused(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/?status={'x' * 9000}")

    assert_problem(answer, "uri-too-long", 414)


def test_headers_over_the_limit_are_refused(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/", headers={"X-Large": "x" * 64 * 1024})

    assert_problem(answer, "headers-too-large", 431)


@pytest.mark.parametrize(
    "request_head",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /api/v1/orders/ HTTP/1.1\r\n\r\n",
        b"GET /api/v1/orders/%00 HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET /api/v1/orders/ HTTP/9.9\r\n" + HEAD + b"\r\n",
        b"POST /api/v1/orders/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
        b"GET /api/v1/orders/\xff HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET /api/v1/orders/?name=\xff HTTP/1.1\r\n" + HEAD + b"\r\n",
        b'GET /api/v1/orders/" HTTP/1.1\r\n' + HEAD + b"\r\n",
        b"GET /api/v1/orders/\\ HTTP/1.1\r\n" + HEAD + b"\r\n",
    ],
)
def test_what_is_not_http_is_a_malformed_request(gateway: LoneGateway, request_head: bytes) -> None:
    (answer,) = exchange(gateway.public_port, request_head)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert b'"/problems/malformed-request"' in answer.body


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "FOO-BAR"])
@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_method_is_refused_with_the_methods_that_the_address_has(
    gateway: LoneGateway, service: str, method: str
) -> None:
    for path, operations in contract(service)["paths"].items():
        listener = gateway.internal_url if path.startswith("/internal/") else gateway.public_url
        known = {name for name in METHODS if name.lower() in operations}

        answer = httpx.request(method, listener + re.sub(r"\{\w+\}", "7", path))

        assert_problem(answer, "method-not-allowed", 405)
        assert set(answer.headers["Allow"].split(", ")) == known | {"HEAD", "OPTIONS"}, path


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/", ["/docs/", "/api/v1/products/", "/api/v1/orders/"]),
        ("/api/v1/", ["/docs/"]),
        ("/api/v1/products", ["/api/v1/products/."]),
        ("/api/v1/orders?page_size=5", ["/api/v1/orders/."]),
        ("/problems/no-such", ["/problems/."]),
    ],
)
def test_an_address_that_nobody_has_leads_on(gateway: LoneGateway, path: str, named: list[str]) -> None:
    answer = httpx.get(gateway.public_url + path)

    assert_problem(answer, "not-found", 404)
    assert [address for address in named if address not in answer.json()["detail"]] == []


@pytest.mark.parametrize("path", ["/api/v1/orders", "/internal/v1/balances", "/admin/products", "/admin/orders"])
def test_an_internal_address_without_its_slash_leads_on(gateway: LoneGateway, path: str) -> None:
    answer = httpx.get(gateway.internal_url + path)

    assert_problem(answer, "not-found", 404)
    assert f"{path}/." in answer.json()["detail"]


def test_a_service_that_hangs_is_a_gateway_timeout(gateway: LoneGateway) -> None:
    gateway.orders.answers.clear()

    answer = httpx.get(f"{gateway.public_url}/api/v1/orders/")

    gateway.orders.answers.set()
    assert_problem(answer, "gateway-timeout", 504)
    assert answer.headers["Retry-After"] == "1"


def test_a_service_that_hangs_gets_one_request(gateway: LoneGateway) -> None:
    before = len(gateway.received())
    gateway.products.answers.clear()

    httpx.get(f"{gateway.public_url}/api/v1/products/")

    gateway.products.answers.set()
    assert len(gateway.received()[before:]) == 1


def test_a_service_that_is_down_is_a_bad_gateway() -> None:
    with lone_gateway(GATEWAY_ORDER_SERVICE="server unix:/nowhere/orders.sock;") as gateway:
        answer = httpx.post(f"{gateway.public_url}/api/v1/orders/", json={})

        assert_problem(answer, "bad-gateway", 502)
        assert answer.headers["Retry-After"] == "1"
