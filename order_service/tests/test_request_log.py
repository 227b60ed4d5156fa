"""The log: what a request causes is logged under its id, and nothing of what a client says in secret."""

import pytest
from rest_framework.test import APIClient

from products_stand_in.api import FakeProductsApi
from service_kit.testing.log_lines import LogLines, about
from tests.factories import ORDERS

pytestmark = pytest.mark.django_db


def test_what_a_request_causes_is_logged_under_its_id(
    customer: APIClient, products: FakeProductsApi, lamp: int, logged: LogLines
) -> None:
    products.unreachable = True

    customer.post(ORDERS, {"product_id": lamp, "quantity": 2}, headers={"X-Request-ID": "a-request-id"})

    [line] = about("outcome unknown", logged)
    assert (line["request_id"], line["orders"]) == ("a-request-id", 1)


def test_neither_query_nor_body_nor_key_is_logged(customer: APIClient, lamp: int, logged: LogLines) -> None:
    customer.post(
        f"{ORDERS}?secret-query=1",
        {"product_id": lamp, "quantity": 2, "secret-body": 1},
        headers={"Idempotency-Key": "secret-key", "Authorization": "Bearer secret-token"},
    )

    assert about("request", logged)
    assert "secret" not in str(logged)
