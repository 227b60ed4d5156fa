"""Which answers conform to docs/errors.md and the contracts, and which do not."""

import json

import httpx
import pytest

from chaos.journal import meaning
from chaos.seen import Answer
from chaos.shapes import documents, orders_shown, wrong

ORDER = {
    "id": 7,
    "product_id": 1,
    "product_name": "Desk lamp",
    "unit_price": "19.90",
    "quantity": 2,
    "total_price": "39.80",
    "status": "pending",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
}
WITHOUT_TAG = httpx.Headers({"content-type": "application/json", "location": "/api/v1/orders/7/"})
JSON = httpx.Headers({**WITHOUT_TAG, "etag": '"7-1"'})


def problem(slug: str, status: int, **headers: str) -> tuple[int, httpx.Headers, bytes]:
    body = {"type": f"/problems/{slug}", "title": "T", "status": status, "detail": "D", "instance": "/", "errors": []}
    return status, httpx.Headers({"content-type": "application/problem+json", **headers}), json.dumps(body).encode()


def test_an_order_as_documented_is_right_and_shown() -> None:
    body = json.dumps(ORDER).encode()

    assert wrong("place", 201, JSON, body) == ""
    assert [order.id for order in orders_shown("place", 201, ORDER)] == [7]


def test_a_refusal_as_documented_is_right() -> None:
    status, headers, body = problem("order-not-placed", 503, **{"retry-after": "1"})

    assert wrong("place", status, headers, body) == ""


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, JSON, json.dumps(ORDER).encode()),
        (201, httpx.Headers({"content-type": "application/json"}), json.dumps(ORDER).encode()),
        (201, WITHOUT_TAG, json.dumps(ORDER).encode()),
        (201, JSON, json.dumps({"id": 7}).encode()),
        (201, JSON, b'{"id": 7,'),
        (502, httpx.Headers({"content-type": "text/html"}), b"<html>Bad Gateway</html>"),
        (500, JSON, b'{"detail": "oops"}'),
        problem("order-not-placed", 503),
        problem("order-not-placed", 500, **{"retry-after": "1"}),
        problem("database-unavailable", 503, **{"retry-after": "1"}),
        problem("out-of-coffee", 418),
    ],
)
def test_anything_else_is_wrong(status: int, headers: httpx.Headers, body: bytes) -> None:
    assert wrong("place", status, headers, body) != ""


def test_what_docs_call_not_done_is_not_done_and_what_they_call_unknown_is_unknown() -> None:
    not_done = {"order-not-placed", "order-not-changed", "overloaded", "order-busy", "too-many-requests"}
    not_done |= {"service-unavailable", "identity-provider-unavailable"}
    unknown = {"outcome-unknown", "bad-gateway", "gateway-timeout", "internal-error"}
    statuses = documents().statuses

    assert {meaning(Answer(status=statuses[slug], problem=slug)) for slug in not_done} == {"fail"}
    assert {meaning(Answer(status=statuses[slug], problem=slug)) for slug in unknown} == {"info"}
