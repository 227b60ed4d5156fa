"""Headers that decide something reach a service as the client sent them, empty and repeated ones too."""

from collections.abc import Iterator

import httpx
import pytest

from driver.shop import Actor, Shop, unique
from driver.wire import exchange
from gateway.lone_gateway import LoneGateway, lone_gateway
from support.problems import assert_problem

ORDERS = "/api/v1/orders/"
PRODUCT = "/api/v1/products/7/"
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
REFUSED_BY_NGINX = {
    "Authorization": "Bearer abc",
    "If-Match": '"7"',
    "If-Modified-Since": DATE,
    "If-None-Match": '"7"',
    "If-Unmodified-Since": DATE,
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


def arrived(gateway: LoneGateway, method: str, path: str, *lines: str) -> list[list[str]] | int:
    """The header lines that reach the service, or the status with which the gateway refuses them."""
    behind = gateway.orders if path == ORDERS else gateway.products
    before = len(behind.received)
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: 0", *lines, "", ""]
    (answer,) = exchange(gateway.public_port, "\r\n".join(head).encode())
    return list(behind.received[before]["headers"]) if answer.status == 200 else answer.status


@pytest.mark.parametrize(
    ("method", "path"), [("POST", ORDERS), ("PATCH", PRODUCT), ("POST", f"{PRODUCT}stock-adjustments/")]
)
def test_a_key_that_came_twice_arrives_twice(gateway: LoneGateway, method: str, path: str) -> None:
    lines = arrived(gateway, method, path, "Idempotency-Key: one", "Idempotency-Key: two")

    assert isinstance(lines, list)
    assert [value for name, value in lines if name == "idempotency-key"] == ["one", "two"]


@pytest.mark.parametrize("header", REFUSED_BY_NGINX)
@pytest.mark.parametrize(("method", "path"), [("POST", ORDERS), ("PATCH", PRODUCT), ("GET", PRODUCT)])
def test_a_condition_or_a_token_that_came_twice_is_refused(
    gateway: LoneGateway, method: str, path: str, header: str
) -> None:
    line = f"{header}: {REFUSED_BY_NGINX[header]}"

    assert arrived(gateway, method, path, line, line) == 400


@pytest.mark.parametrize("header", ["Idempotency-Key", "Content-Encoding", *REFUSED_BY_NGINX])
@pytest.mark.parametrize(("method", "path"), [("POST", ORDERS), ("PATCH", PRODUCT)])
def test_an_empty_header_arrives_empty(gateway: LoneGateway, method: str, path: str, header: str) -> None:
    lines = arrived(gateway, method, path, f"{header}:")

    assert isinstance(lines, list)
    assert [header.lower(), ""] in lines


@pytest.mark.parametrize("key", ["a,b", "a, b", '"quoted, once"', "x" * 255])
def test_a_key_with_a_comma_is_one_key(gateway: LoneGateway, key: str) -> None:
    lines = arrived(gateway, "POST", ORDERS, f"Idempotency-Key: {key}")

    assert isinstance(lines, list)
    assert [value for name, value in lines if name == "idempotency-key"] == [key]


@pytest.mark.since("order_service", "0.2.0")
@pytest.mark.parametrize(
    "lines", [("Idempotency-Key:",), ("Idempotency-Key: one", "Idempotency-Key: two"), ("If-Match:",)]
)
def test_a_shop_refuses_them_and_changes_nothing(
    shop: Shop, clerk: Actor, customer: Actor, lines: tuple[str, ...]
) -> None:
    product = clerk.create_product(name=unique("Lamp"), stock_quantity=5).json()
    body = f'{{"product_id": {product["id"]}, "quantity": 1}}'
    address = httpx.URL(shop.public_url)
    head = [
        f"POST {ORDERS} HTTP/1.1",
        f"Host: {address.netloc.decode()}",
        "Connection: close",
        f"Authorization: Bearer {customer.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *lines,
        "",
        body,
    ]

    (answer,) = exchange(address.port or 80, "\r\n".join(head).encode())

    assert (answer.status, b"/problems/invalid-request" in answer.body) == (400, True)
    assert customer.get_product(product["id"]).json()["stock_quantity"] == 5


@pytest.mark.since("order_service", "0.2.0")
def test_more_headers_than_a_service_takes_are_a_problem_too(shop: Shop) -> None:
    answer = httpx.get(shop.public_url + ORDERS, headers={f"X-{number}": "x" for number in range(150)})

    assert_problem(answer, "headers-too-large", 431)


@pytest.mark.parametrize(
    "lines",
    [("Content-Type: application/json", "Content-Type: application/json"), ("X-Note: a\x01b",), ("X-Note: a\x7fb",)],
)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(ORDERS, marks=pytest.mark.since("order_service", "0.2.0")),
        pytest.param(PRODUCT, marks=pytest.mark.since("product_service", "0.2.0")),
    ],
)
def test_what_the_server_of_a_service_refuses_is_a_problem_too(shop: Shop, path: str, lines: tuple[str, ...]) -> None:
    head = [f"PATCH {path} HTTP/1.1", f"Host: {httpx.URL(shop.public_url).netloc.decode()}", "Connection: close"]

    (answer,) = exchange(
        httpx.URL(shop.public_url).port or 80, "\r\n".join([*head, "Content-Length: 0", *lines, "", ""]).encode()
    )

    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert b"/problems/malformed-request" in answer.body
