"""Refusals that no view has thought of: they are problems too, and tell nothing about the inside."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from orders.models import Order
from service_kit.testing.log_lines import LogLines
from service_kit.testing.problems import assert_problem
from tests.checks import alerts
from tests.factories import ORDERS
from tests.failing_database import failing_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/api/", "/api/v1/", "/api/v2/orders/", "/api/v1/orders", "/admin/", "/internal/"]
)
def test_an_unknown_address_is_a_problem(nobody: APIClient, path: str) -> None:
    assert_problem(nobody.get(path), status=404, slug="not-found")


def test_an_unknown_host_is_refused_before_anything_is_done(customer: APIClient, lamp: int) -> None:
    response = customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"Host": "elsewhere.test"})

    assert_problem(response, status=400, slug="invalid-request")
    assert not Order.objects.exists()


def test_an_unexpected_error_is_a_problem_without_details_and_an_alert(customer: APIClient, logged: LogLines) -> None:
    with failing_at("SELECT", error=RuntimeError):
        response = customer.get(ORDERS)

    problem = assert_problem(response, status=500, slug="internal-error")
    assert "wants" not in str(problem)
    assert alerts(logged) == ["unexpected error"]


def test_an_unexpected_error_outside_of_the_api_is_a_problem_too() -> None:
    with failing_at("SELECT", error=RuntimeError):
        response = Client(raise_request_exception=False).get("/readyz")

    problem = assert_problem(response, status=500, slug="internal-error")
    assert "wants" not in str(problem)


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "*/*", "application/problem+json", "nonsense", "a/b;q=x"]
)
def test_the_answer_is_json_whatever_the_client_accepts(customer: APIClient, accept: str) -> None:
    response = customer.get(ORDERS, headers={"Accept": accept})

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_no_header_turns_one_method_into_another(customer: APIClient, name: str) -> None:
    response = customer.get(ORDERS, headers={name: "DELETE"})

    assert response.status_code == 200


def test_a_missing_scope_is_named(customer: APIClient) -> None:
    response = customer.patch(f"{ORDERS}1/", {"status": "shipped"})

    problem = assert_problem(response, status=403, slug="permission-denied")
    assert "orders:manage" in problem["detail"]
