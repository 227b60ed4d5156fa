"""The log: one line for each request, under the gateway's request id, and nothing in it that is nobody's business."""

import pytest
from rest_framework.test import APIClient

from tests.log_lines import LogLines, about

PRODUCTS = "/api/v1/products/"
pytestmark = pytest.mark.django_db


def test_a_request_is_one_line(clerk: APIClient, logged: LogLines) -> None:
    body = {"name": "Desk lamp", "price": "39.90"}

    clerk.post(PRODUCTS, body, headers={"X-Request-ID": "a-request-id"})

    [line] = about("request", logged)
    expected = {
        "method": "POST",
        "path": PRODUCTS,
        "route": "api/v1/products/",
        "status": 201,
        "subject": "the clerk",
        "request_id": "a-request-id",
        "level": "info",
    }
    assert line.items() >= expected.items()
    assert line["duration_ms"] > 0


def test_a_request_that_fails_is_one_line_too(customer: APIClient, logged: LogLines) -> None:
    customer.post(PRODUCTS, {})
    customer.get("/nowhere")

    assert [(line["status"], line["route"]) for line in about("request", logged)] == [
        (403, "api/v1/products/"),
        (404, None),
    ]


def test_neither_query_nor_body_nor_token_is_written(customer: APIClient, logged: LogLines) -> None:
    customer.get(f"{PRODUCTS}?name=a-secret-wish", headers={"Authorization": "Bearer a-secret-token"})
    customer.post(PRODUCTS, {"name": "a-secret-lamp"})

    assert "secret" not in str(about("request", logged))


def test_probes_leave_no_line(customer: APIClient, logged: LogLines) -> None:
    customer.get("/livez")
    customer.get("/readyz")

    assert about("request", logged) == []


def test_the_ids_of_requests_that_are_answered_together_are_all_logged(clerk: APIClient, logged: LogLines) -> None:
    clerk.get(PRODUCTS, headers={"X-Request-ID": "leader-0001", "X-Request-Group": "second-0001,third-0001"})
    clerk.get(PRODUCTS, headers={"X-Request-ID": "another-0001"})

    together, alone = about("request", logged)
    assert (together["request_id"], together["request_group"]) == ("leader-0001", "second-0001,third-0001")
    assert "request_group" not in alone
