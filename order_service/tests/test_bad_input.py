"""The fields of orders: what is refused of each, so that nothing is stored. How JSON is read is tested in the kit."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem, pointers
from tests.factories import ORDERS, order_url, place, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lamp")]


def post_raw(client: APIClient, body: bytes, content_type: str = "application/json") -> Any:
    return client.generic("POST", ORDERS, body, content_type=content_type)  # type: ignore[arg-type] # bytes it takes


def order_with(field: str, json: str) -> bytes:
    """Write an order whose field has exactly this JSON."""
    fields = {"product_id": "1", "quantity": "2", field: json}
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}").encode()


@pytest.mark.parametrize("field", ["product_id", "quantity"])
@pytest.mark.parametrize("json", ["0", "-1", "1.5", '"2"', "true", "null", "9" * 30])
def test_a_number_that_is_no_whole_positive_json_number_is_named(customer: APIClient, field: str, json: str) -> None:
    response = post_raw(customer, order_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Order.objects.exists()


@pytest.mark.parametrize(("field", "json"), [("quantity", str(2**31)), ("product_id", str(2**53))])
def test_a_number_that_no_column_holds_is_named(customer: APIClient, field: str, json: str) -> None:
    response = post_raw(customer, order_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "field",
    [
        *("id", "owner", "status", "unit_price", "price", "product_name", "total_price", "created_at", "updated_at"),
        *("placement", "failure", "reservation_id", "revision", "synced_revision", "target_quantity", "next_sync_at"),
        *("idempotency_key", "placed_quantity", "colour", "__class__"),
    ],
)
def test_no_other_field_can_be_set(customer: APIClient, field: str) -> None:
    response = post_raw(customer, order_with(field, "1"))

    assert pointers(response) == [f"/{field}"]
    assert not Order.objects.exists()


def test_everything_that_is_wrong_is_named_at_once(customer: APIClient) -> None:
    response = post_raw(customer, b'{"quantity": "2"}')

    assert sorted(pointers(response)) == ["/product_id", "/quantity"]


def test_what_is_refused_here_never_reaches_products(customer: APIClient, products: FakeProductsApi) -> None:
    post_raw(customer, order_with("quantity", "0"))

    assert products.requests == []


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        (b"{}", ""),
        (b"[]", ""),
        (b'{"quantity": 0}', "/quantity"),
        (b'{"quantity": "3"}', "/quantity"),
        (b'{"quantity": true}', "/quantity"),
        (b'{"quantity": null}', "/quantity"),
        (b'{"quantity": 2147483648}', "/quantity"),
        (b'{"status": "gone"}', "/status"),
        (b'{"status": "Canceled"}', "/status"),
        (b'{"status": ""}', "/status"),
        (b'{"status": null}', "/status"),
        (b'{"status": 1}', "/status"),
        (b'{"status": true}', "/status"),
        (b'{"status": ["canceled"]}', "/status"),
        (b'{"status": {"canceled": 1}}', "/status"),
        (b'{"product_id": 2}', "/product_id"),
        (b'{"owner": "the stranger", "status": "canceled"}', "/owner"),
        (b'{"target_quantity": 3}', "/target_quantity"),
        (b'{"revision": 3}', "/revision"),
    ],
)
def test_a_change_is_read_as_strictly(clerk: APIClient, body: bytes, at_fault: str) -> None:
    order = place(1)

    response = clerk.generic("PATCH", order_url(order), body, content_type="application/json")  # type: ignore[arg-type]

    assert pointers(response) == [at_fault]
    assert read(order).__dict__.items() >= {"quantity": 2, "status": "pending", "revision": 1}.items()


@pytest.mark.parametrize(
    "name",
    ["0", "-1", "lamp", "1.0", "9223372036854775808", "9" * 40, "9" * 5000, "%00", "\u0661", "1'--", "1/../2", "01"],
)
@pytest.mark.parametrize("method", ["get", "patch"])
def test_an_address_that_names_no_order_is_not_found(clerk: APIClient, method: str, name: str) -> None:
    response = getattr(clerk, method)(f"{ORDERS}{name}/", {"quantity": 1} if method == "patch" else None)

    assert_problem(response, status=404, slug="not-found")
