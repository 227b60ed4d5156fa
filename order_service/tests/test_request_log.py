"""The log: one line for each request, under the gateway's request id, and nothing in it that is nobody's business."""

import pytest
from rest_framework.test import APIClient

from tests.factories import ORDERS
from tests.fake_products_api import FakeProductsApi
from tests.log_lines import LogLines, about

pytestmark = pytest.mark.django_db


def test_a_request_is_one_line(customer: APIClient, lamp: int, logged: LogLines) -> None:
    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    [line] = about("request", logged)
    expected = {
        "method": "POST",
        "path": ORDERS,
        "route": "api/v1/orders/",
        "status": 201,
        "subject": "the customer",
        "request_id": "a-request-id",
        "level": "info",
    }
    assert line.items() >= expected.items()
    assert line["duration_ms"] > 0


def test_a_request_that_fails_is_one_line_too(nobody: APIClient, logged: LogLines) -> None:
    nobody.get(ORDERS)
    nobody.get("/nowhere")

    lines = about("request", logged)
    assert [(line["status"], line["route"]) for line in lines] == [(401, "api/v1/orders/"), (404, None)]


def test_what_a_request_causes_is_logged_under_its_id(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    products.unreachable = True

    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    [line] = about("outcome unknown", logged)
    assert (line["request_id"], line["orders"]) == ("a-request-id", 1)


def test_one_requests_id_is_not_the_next_ones(customer: APIClient, logged: LogLines) -> None:
    customer.get(ORDERS, headers={"X-Request-ID": "a-request-id"})
    customer.get(ORDERS)

    assert [line["request_id"] for line in about("request", logged)] == ["a-request-id", None]


def test_neither_query_nor_body_nor_key_is_logged(customer: APIClient, lamp: int, logged: LogLines) -> None:
    customer.post(
        f"{ORDERS}?secret-query=1",
        {"product_id": lamp, "quantity": 2, "secret-body": 1},
        headers={"Idempotency-Key": "secret-key", "Authorization": "Bearer secret-token"},
    )

    assert about("request", logged)
    assert "secret" not in str(logged)
