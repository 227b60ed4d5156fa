"""The fields of products: what is refused of each. How JSON, numbers and texts are read is tested in the kit."""

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import assert_problem, pointers
from tests.world import PRODUCTS, UNKNOWN_PRODUCT

pytestmark = pytest.mark.django_db


def product_with(field: str, json: str) -> bytes:
    """Write a product whose field has exactly this JSON."""
    fields = {"name": '"Desk lamp"', "price": '"39.90"', field: json}
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}").encode()


@pytest.mark.parametrize(
    ("field", "json"),
    [
        *(("price", json) for json in ('"1e2"', '"-0.01"', "-1", "1.001", '"1.001"', "100000000", "true", "null")),
        *(("name", json) for json in ('""', '"\\u200b"', '"a\\u0000b"', '"' + "a" * 256 + '"', "5", "null")),
        *(("stock_quantity", json) for json in ("-1", "2147483648", "9223372036854775808", "1.5", '"1"', "true")),
        ("stock_quantity", "null"),
        *(("is_active", json) for json in ("1", '"true"', "null")),
        *(("description", json) for json in ("null", "7", '"a\\u0000b"')),
        *(("external_reference", json) for json in ('""', '" "', '"\\u200b"', '"a\\u0000b"', '"' + "a" * 256 + '"')),
        *(("external_reference", json) for json in ("17", "true", '["ACME-17"]')),
        *(("id", "7"), ("created_at", '"2020-01-01T00:00:00Z"'), ("colour", '"red"'), ("__class__", '"Product"')),
    ],
)
def test_a_field_that_is_wrong_is_named(clerk: APIClient, field: str, json: str) -> None:
    response = clerk.post(PRODUCTS, product_with(field, json), content_type="application/json")

    assert pointers(response) == [f"/{field}"]
    assert not Product.objects.exists()


def test_everything_that_is_missing_is_named_at_once(clerk: APIClient) -> None:
    assert pointers(clerk.post(PRODUCTS, {})) == ["/name", "/price"]


@pytest.mark.parametrize("address", ["0", "lamp", "9223372036854775808", "%00", "1/../2"])
def test_an_address_that_names_no_product_is_not_found(nobody: APIClient, address: str) -> None:
    assert_problem(nobody.get(f"{PRODUCTS}{address}/"), status=404, slug="not-found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"name": "Floor lamp"}),
        ("delete", "", None),
        ("get", "stock-adjustments/", None),
        ("post", "stock-adjustments/", {"delta": 1, "reason": "counted"}),
    ],
)
def test_an_unknown_product_is_neither_changed_nor_counted(
    clerk: APIClient, method: str, path: str, body: dict[str, object] | None
) -> None:
    response = getattr(clerk, method)(f"{PRODUCTS}{UNKNOWN_PRODUCT}/{path}", body)

    assert_problem(response, status=404, slug="not-found")
