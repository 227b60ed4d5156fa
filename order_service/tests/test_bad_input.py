"""The fields of orders: what is refused of each, so that nothing is stored. How JSON is read is tested in the kit."""

from itertools import product

import pytest
from rest_framework.test import APIClient

from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem, pointers
from tests.factories import ORDERS, order_url, place, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lamp")]


NOT_FOR_CALLERS = [
    *("id", "owner", "status", "unit_price", "price", "product_name", "total_price", "created_at", "updated_at"),
    *("placement", "failure", "reservation_id", "revision", "synced_revision", "target_quantity", "next_sync_at"),
    *("idempotency_key", "placed_quantity", "colour", "__class__"),
]


def order_with(field: str, json: str) -> bytes:
    """Write an order whose field has exactly this JSON."""
    fields = {"product_id": "1", "quantity": "2", field: json}
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}").encode()


@pytest.mark.parametrize(
    ("field", "json"),
    [
        *product(["product_id", "quantity"], ["0", "-1", "1.5", '"2"', "true", "null", "9" * 30]),
        *(("quantity", str(2**31)), ("product_id", str(2**53))),
        *((field, "1") for field in NOT_FOR_CALLERS),
    ],
)
def test_a_field_that_is_wrong_or_not_for_callers_is_named(customer: APIClient, field: str, json: str) -> None:
    response = customer.post(ORDERS, order_with(field, json), content_type="application/json")

    assert pointers(response) == [f"/{field}"]
    assert not Order.objects.exists()


def test_everything_that_is_wrong_is_named_at_once_and_never_reaches_products(
    customer: APIClient, products: FakeProductsApi
) -> None:
    response = customer.post(ORDERS, {"quantity": "2"})

    assert sorted(pointers(response)) == ["/product_id", "/quantity"]
    assert products.requests == []


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        *((body, "") for body in ("{}", "[]")),
        *((f'{{"quantity": {json}}}', "/quantity") for json in ("0", '"3"', "true", "null", "2147483648")),
        *((f'{{"status": {json}}}', "/status") for json in ('"gone"', '"Canceled"', '""', "null", "1", "true")),
        *((f'{{"status": {json}}}', "/status") for json in ('["canceled"]', '{"canceled": 1}')),
        *((f'{{"{field}": 3}}', f"/{field}") for field in ("product_id", "target_quantity", "revision")),
        ('{"owner": "the stranger", "status": "canceled"}', "/owner"),
    ],
)
def test_a_change_is_read_as_strictly(clerk: APIClient, body: str, at_fault: str) -> None:
    order = place(1)

    response = clerk.patch(order_url(order), body, content_type="application/json")

    assert pointers(response) == [at_fault]
    assert read(order).__dict__.items() >= {"quantity": 2, "status": "pending", "revision": 1}.items()


@pytest.mark.parametrize("name", ["0", "lamp", "9223372036854775808", "%00", "1/../2"])
@pytest.mark.parametrize("method", ["get", "patch"])
def test_an_address_that_names_no_order_is_not_found(clerk: APIClient, method: str, name: str) -> None:
    response = getattr(clerk, method)(f"{ORDERS}{name}/", {"quantity": 1} if method == "patch" else None)

    assert_problem(response, status=404, slug="not-found")
