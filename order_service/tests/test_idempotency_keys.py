"""The Idempotency-Key header: which keys are valid, and when two of them are the same."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from service_kit.testing.problems import assert_problem, pointers
from tests.factories import ORDERS

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]


@pytest.fixture
def post(customer: APIClient, lamp: int) -> Post:
    def send(*, key: str = "k", quantity: int = 2) -> Any:
        return customer.post(ORDERS, {"product_id": lamp, "quantity": quantity}, headers={"Idempotency-Key": key})

    return send


@pytest.mark.parametrize("key", ["k", "a key with spaces", "~" * 255, '"quoted"', "'; DROP TABLE orders; --", "0"])
def test_a_key_is_1_to_255_printable_ascii_characters(post: Post, key: str) -> None:
    first = post(key=key)

    again = post(key=key)

    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.content == first.content


@pytest.mark.parametrize("key", ["k" * 256])
def test_any_other_key_is_refused(post: Post, key: str) -> None:
    response = post(key=key)

    assert pointers(response) == ["/Idempotency-Key"]
    assert not Order.objects.exists()


def test_keys_differ_in_case(post: Post) -> None:
    first = post(key="key")

    other = post(key="KEY")

    assert other.json()["id"] != first.json()["id"]


def test_an_invalid_request_does_not_use_the_key_up(post: Post) -> None:
    assert_problem(post(quantity=0), status=400, slug="invalid-request")

    response = post()

    assert response.status_code == 201
    assert "Idempotent-Replayed" not in response
