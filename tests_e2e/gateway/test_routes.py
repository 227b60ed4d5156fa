"""The public listener passes two APIs and nothing internal, however the path is spelled."""

from collections.abc import Iterator

import httpx
import pytest

from driver.wire import exchange
from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.registry import REGISTRY

INTERNAL_SPELLINGS = [
    "/internal/v1/reservations/",
    "//internal/v1/reservations/",
    "/./internal/v1/reservations/",
    "/%69nternal/v1/reservations/",
    "/%2569nternal/v1/reservations/",
    "/%2finternal/v1/reservations/",
    "/INTERNAL/v1/reservations/",
    "/Internal/V1/Reservations/",
    "/internal;/v1/reservations/",
    "/internal%00/v1/reservations/",
    "/internal/v1/reservations",
    "/internal?/api/v1/products/",
    "/internal/#/../api/v1/products/",
    "/api/v1/products/../../../internal/v1/reservations/",
    "/api/v1/products/..%2f..%2f..%2finternal/v1/reservations/",
    "/api/v1/products/%2e%2e/%2e%2e/%2e%2e/internal/v1/reservations/",
    "/api/v1/orders/..//..//../internal/v1/reservations/",
    "/api/../internal/v1/reservations/",
    "http://localhost/internal/v1/reservations/",
    "http://internal/internal/v1/reservations/",
]
PROBES = ["livez", "readyz", "metrics"]
CLOSED = [
    "/",
    "/livez",
    "/readyz",
    "/metrics",
    *(f"/{service}/readyz" for service in REGISTRY),
    "/healthz",
    "/api/v1/",
    "/api/v1/products",
    "/api/v1/orders",
    "/.problem",
    "/admin/",
    "/api/v1/productsx/",
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


@pytest.mark.parametrize("path", INTERNAL_SPELLINGS)
def test_no_spelling_of_internal_reaches_a_service(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    (answer,) = exchange(
        gateway.public_port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )

    assert answer.status in {400, 404}
    assert answer.headers["content-type"] == "application/problem+json"
    assert gateway.received()[before:] == []


@pytest.mark.parametrize("path", CLOSED)
def test_any_other_path_is_a_404_problem(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.get(gateway.public_url + path)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert gateway.received()[before:] == []


@pytest.mark.parametrize(
    ("path", "service"),
    [
        *((path, service) for service, entry in REGISTRY.items() for path in entry.public),
        ("/api/v1/products/7/stock-adjustments/", "product_service"),
        ("/api/v1/orders/?status=pending&cursor=a%2Bb%3D", "order_service"),
        ("/api/v1/orders/7/", "order_service"),
    ],
)
def test_the_apis_reach_their_service_with_path_and_query_untouched(
    gateway: LoneGateway, path: str, service: str
) -> None:
    answer = httpx.get(gateway.public_url + path).json()

    assert (answer["service"], answer["path"]) == (service, path)


def test_a_service_gets_the_normalized_path_that_the_gateway_matched(gateway: LoneGateway) -> None:
    request = (
        b"GET /internal/..%2fapi//v1/products/./7/%0d%0aX HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )

    exchange(gateway.public_port, request)

    assert gateway.products.received[-1]["path"] == "/api/v1/products/7/%0D%0AX"


@pytest.mark.parametrize(
    ("path", "service", "upstream_path"),
    [
        *((path, service, path) for service, entry in REGISTRY.items() for path in entry.internal),
        ("/api/v1/products/7/", "product_service", "/api/v1/products/7/"),
        *((f"/{service}/{probe}", service, f"/{probe}") for service in REGISTRY for probe in PROBES),
    ],
)
def test_the_internal_listener_reaches_reservations_lookups_and_probes(
    gateway: LoneGateway, path: str, service: str, upstream_path: str
) -> None:
    answer = httpx.get(gateway.internal_url + path).json()

    assert (answer["service"], answer["path"]) == (service, upstream_path)


@pytest.mark.parametrize("path", ["/api/v1/", "/", "/order_service/readyz/x", "/problems/not-found"])
def test_the_internal_listener_reaches_nothing_else(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.get(gateway.internal_url + path)

    assert answer.status_code == 404
    assert gateway.received()[before:] == []
