"""Who has a page, a script or a contract already is told so, and gets no second copy."""

import httpx
import pytest

from driver.shop import Shop

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

OWN = ["/docs/", "/docs/docs.js", "/docs/docs.css", "/docs/favicon.svg", "/problems/", "/problems/not-found"]
FROM_SERVICES = [
    "/docs/product_service.yaml",
    "/docs/order_service.yaml",
    "/docs/swagger-ui.css",
    "/docs/swagger-ui-bundle.js",
    "/docs/swagger-ui-standalone-preset.js",
]
PASSED_ON = ["cache-control", "content-security-policy", "etag", "vary", "x-content-type-options"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("path", [*OWN, *FROM_SERVICES])
def test_what_was_read_once_is_not_sent_again(shop: Shop, path: str, encoding: str) -> None:
    url, accepted = shop.public_url + path, {"Accept-Encoding": encoding}
    first = httpx.get(url, headers=accepted)
    validators = {
        condition: first.headers[name]
        for condition, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        if name in first.headers
    }

    again = httpx.get(url, headers={**accepted, **validators})
    other = httpx.get(url, headers={**accepted, "If-None-Match": '"another"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert "Content-Type" not in again.headers
    assert [name for name in PASSED_ON if name in first.headers and name not in again.headers] == []


@pytest.mark.parametrize("path", [*OWN, *FROM_SERVICES, "/api/v1/products/", "/nowhere", "/api/v1/orders/"])
def test_a_head_says_what_a_get_does(shop: Shop, path: str) -> None:
    get, head = (httpx.request(method, shop.public_url + path) for method in ("GET", "HEAD"))

    varying = {"date", "x-request-id", "age", "content-length", "transfer-encoding", "content-encoding"}
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in get.headers.items() if name not in varying
    }
