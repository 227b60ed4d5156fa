"""Input that cannot hurt: whatever is no plain JSON of the documented shape is refused, and nothing changes."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import assert_problem, pointers
from tests.world import add_product

pytestmark = pytest.mark.django_db

PRODUCTS = "/api/v1/products/"


def post_raw(client: APIClient, body: bytes, content_type: str = "application/json") -> Any:
    return client.generic("POST", PRODUCTS, body, content_type=content_type)  # type: ignore[arg-type] # bytes it takes


def product_with(field: str, json: str) -> bytes:
    """Write a product whose field has exactly this JSON."""
    fields = {"name": '"Desk lamp"', "price": '"39.90"', field: json}
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}").encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b'{"name": "Desk lamp", "price": 39.90,}',
        b"{'name': 'Desk lamp', 'price': '39.90'}",
        b'{"name": "Desk lamp", "price": "39.90"} {}',
        b'{"name": "Desk lamp", "price": "39.90", "price": "0.01"}',
        b'{"name": "Desk lamp", "price": NaN}',
        b'{"name": "Desk lamp", "price": Infinity}',
        b'{"name": "Desk lamp", "price": -Infinity}',
        b'{"name": "Desk lamp", "price": 1_000}',
        b'{"name": "Desk lamp", "price": 01}',
        b'{"name": "Desk lamp", "price": +1}',
        b'{"name": "Desk lamp", "price": ' + b"9" * 5000 + b"}",
        b'{"name": "Desk \xff lamp", "price": "39.90"}',
        '{"name": "Desk lamp", "price": "39.90"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"name": "Desk lamp", "price": "39.90"}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"name": "Desk lamp", "price": "39.90", "description": ' + b"[" * 40 + b"]" * 40 + b"}",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_that_is_no_plain_json_is_refused(clerk: APIClient, body: bytes) -> None:
    response = post_raw(clerk, body)

    assert_problem(response, status=400, slug="invalid-request")
    assert not Product.objects.exists()


@pytest.mark.parametrize("body", [b"null", b"true", b"7", b'"Desk lamp"', b"[]", b'[{"name": "Desk lamp"}]'])
def test_a_body_that_is_no_object_is_refused(clerk: APIClient, body: bytes) -> None:
    response = post_raw(clerk, body)

    assert_problem(response, status=400, slug="invalid-request")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json"]
)
def test_a_body_of_another_media_type_is_refused(clerk: APIClient, content_type: str) -> None:
    response = post_raw(clerk, product_with("price", "1"), content_type)

    assert_problem(response, status=415, slug="unsupported-media-type")
    assert not Product.objects.exists()


def test_a_body_of_more_than_64_kib_is_refused(clerk: APIClient) -> None:
    response = post_raw(clerk, product_with("description", '"' + "a" * 64 * 1024 + '"'))

    assert_problem(response, status=413, slug="payload-too-large")
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "price",
    [
        '"1_000"',
        '"١٢"',
        '"１２"',  # noqa: RUF001 - full-width digits are the point
        '"NaN"',
        '"sNaN"',
        '"Infinity"',
        '"1e2"',
        "1e2",
        "1e999",
        "1E400",
        "1e-999",
        '"1e999"',
        '" 5"',
        '"5 "',
        '"5\\n"',
        '"+5"',
        '"05"',
        '".5"',
        '"5."',
        '"0x10"',
        '"5,00"',
        '""',
        '"-0.01"',
        "-1",
        "1.001",
        '"1.001"',
        "100000000",
        '"100000000.00"',
        '"' + "9" * 400 + '"',
        "true",
        "null",
        "[5]",
        '{"amount": 5}',
    ],
)
def test_a_price_that_is_no_plain_decimal_of_its_range_is_refused(clerk: APIClient, price: str) -> None:
    response = post_raw(clerk, product_with("price", price))

    assert pointers(response) == ["/price"]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        '""',
        '"   "',
        '"\\u00a0\\u2003"',
        '"a\\u0000b"',
        '"a\\u001bb"',
        '"a\\u007fb"',
        '"\\ud800"',
        '"' + "a" * 256 + '"',
        '" ' + "a" * 255 + '"',
        "5",
        "true",
        "null",
        '["Desk lamp"]',
        "{}",
    ],
)
def test_a_name_that_is_no_storable_text_of_1_to_255_signs_is_refused(clerk: APIClient, name: str) -> None:
    response = post_raw(clerk, product_with("name", name))

    assert pointers(response) == ["/name"]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("field", "json"),
    [
        ("stock_quantity", "-1"),
        ("stock_quantity", "2147483648"),
        ("stock_quantity", "9223372036854775808"),
        ("stock_quantity", "1.0"),
        ("stock_quantity", "1e2"),
        ("stock_quantity", '"1"'),
        ("stock_quantity", "true"),
        ("stock_quantity", "null"),
        ("is_active", "1"),
        ("is_active", '"true"'),
        ("is_active", "null"),
        ("description", "null"),
        ("description", "7"),
        ("description", '"a\\u0000b"'),
        ("id", "7"),
        ("created_at", '"2020-01-01T00:00:00Z"'),
        ("colour", '"red"'),
        ("__class__", '"Product"'),
    ],
)
def test_any_other_field_that_is_wrong_is_named(clerk: APIClient, field: str, json: str) -> None:
    response = post_raw(clerk, product_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Product.objects.exists()


def test_everything_that_is_missing_is_named_at_once(clerk: APIClient) -> None:
    response = post_raw(clerk, b"{}")

    assert pointers(response) == ["/name", "/price"]


@pytest.mark.parametrize("json", ["1_0", '"1_000"', "NaN", "1e999", "true", '"-1"'])
def test_an_edit_is_read_as_strictly(clerk: APIClient, json: str) -> None:
    lamp = add_product(price="39.90")

    response = clerk.generic("PATCH", f"{PRODUCTS}{lamp.pk}/", f'{{"price": {json}}}', content_type="application/json")

    assert_problem(response, status=400, slug="invalid-request")
    assert Product.objects.one(lamp.pk).price == lamp.price


@pytest.mark.parametrize(
    "address",
    ["0", "-1", "lamp", "1.0", "9223372036854775808", "9" * 40, "9" * 5000, "%00", "\u0661", "1'--", "1/../2"],
)
def test_an_address_that_names_no_product_is_not_found(nobody: APIClient, address: str) -> None:
    response = nobody.get(f"{PRODUCTS}{address}/")

    assert_problem(response, status=404, slug="not-found")


def test_a_refusal_does_not_repeat_what_was_sent(clerk: APIClient) -> None:
    response = post_raw(clerk, product_with("price", '"<script>alert(1)</script>"'))

    assert "script" not in response.content.decode()
