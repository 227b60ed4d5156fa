"""Refusals of orders that name what is missing."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import assert_problem
from tests.factories import ORDERS

pytestmark = pytest.mark.django_db


def test_a_missing_scope_is_named(customer: APIClient) -> None:
    response = customer.patch(f"{ORDERS}1/", {"status": "shipped"})

    problem = assert_problem(response, status=403, slug="permission-denied")
    assert "orders:manage" in problem["detail"]
