"""The log: one line for each request, under the gateway's request id, and nothing in it that is nobody's business."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

PRODUCTS = "/api/v1/products/"
pytestmark = pytest.mark.django_db

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Lines:
    """Tell which lines about requests were written so far."""
    caplog.set_level("INFO")

    def lines() -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = [record.msg for record in caplog.records]  # type: ignore[misc] # structlog's
        return [line for line in said if line["event"] == "request"]

    return lines


def test_a_request_is_one_line(clerk: APIClient, logged: Lines) -> None:
    body = {"name": "Desk lamp", "price": "39.90"}

    clerk.post(PRODUCTS, body, headers={"X-Request-ID": "a-request-id"})

    [line] = logged()
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


def test_a_request_that_fails_is_one_line_too(customer: APIClient, logged: Lines) -> None:
    customer.post(PRODUCTS, {})
    customer.get("/nowhere")

    assert [(line["status"], line["route"]) for line in logged()] == [(403, "api/v1/products/"), (404, None)]


def test_neither_query_nor_body_nor_token_is_written(customer: APIClient, logged: Lines) -> None:
    customer.get(f"{PRODUCTS}?name=a-secret-wish", headers={"Authorization": "Bearer a-secret-token"})
    customer.post(PRODUCTS, {"name": "a-secret-lamp"})

    assert "secret" not in str(logged())


def test_probes_leave_no_line(customer: APIClient, logged: Lines) -> None:
    customer.get("/livez")
    customer.get("/readyz")

    assert logged() == []


def test_the_ids_of_requests_that_are_answered_together_are_all_logged(clerk: APIClient, logged: Lines) -> None:
    clerk.get(PRODUCTS, headers={"X-Request-ID": "leader-0001", "X-Request-Group": "second-0001,third-0001"})
    clerk.get(PRODUCTS, headers={"X-Request-ID": "another-0001"})

    together, alone = logged()
    assert (together["request_id"], together["request_group"]) == ("leader-0001", "second-0001,third-0001")
    assert "request_group" not in alone
