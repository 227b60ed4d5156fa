"""Reading one product, and how an answer is validated."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from products_client import ProductNotFound, ProductsClient, ProductsUnavailable, RequestRejected
from products_stand_in.api import ADDRESS, FakeProductsApi

KIBIBYTE = 1024
PRODUCT = {
    "id": 1,
    "name": "Desk lamp",
    "description": "",
    "price": "19.90",
    "stock_quantity": 3,
    "is_active": True,
    **dict.fromkeys(("created_at", "updated_at"), "2026-01-01T00:00:00Z"),
}


def test_a_product_is_read_with_typed_fields(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.answer_with(200, PRODUCT)

    product = client.get_product(1)

    assert product.price == Decimal("19.90")
    assert product.created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (product.id, product.name, product.stock_quantity, product.is_active) == (1, "Desk lamp", 3, True)


def test_a_field_that_is_new_to_us_is_ignored(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.answer_with(200, PRODUCT | {"colour": {"deep": ["green"]}})

    assert client.get_product(1).name == "Desk lamp"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"id": "1"}, {"id": 0}, {"id": True}, {"name": None}, {"name": ""}, {"name": "x" * 256}, {"price": "-0.01"}),
        *({"price": "NaN"}, {"price": "Infinity"}, {"price": "0.001"}, {"price": "100000000.00"}, {"price": None}),
        *({"stock_quantity": -1}, {"stock_quantity": 1.5}, {"is_active": "yes"}),
        *({"created_at": "2026-01-01T00:00:00"}, {"updated_at": "yesterday"}),
    ],
    ids=str,
)
def test_a_field_that_we_know_is_validated(
    fake: FakeProductsApi, client: ProductsClient, wrong: dict[str, object]
) -> None:
    fake.answer_with(200, PRODUCT | wrong)

    with pytest.raises(ProductsUnavailable, match="invalid") as raised:
        client.get_product(1)

    assert raised.value.status == 200


@pytest.mark.parametrize("missing", sorted(PRODUCT))
def test_a_field_that_is_missing_makes_the_answer_invalid(
    fake: FakeProductsApi, client: ProductsClient, missing: str
) -> None:
    fake.answer_with(200, {name: value for name, value in PRODUCT.items() if name != missing})

    with pytest.raises(ProductsUnavailable, match=missing):
        client.get_product(1)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"[]", b'{"name": "\xff"}', b'{"x": ' + b"[" * 100_000, b"{}"]
)
def test_a_page_that_is_no_product_is_not_mistaken_for_one(
    fake: FakeProductsApi, client: ProductsClient, body: bytes
) -> None:
    fake.answer_with(200, body)

    with pytest.raises(ProductsUnavailable):
        client.get_product(1)


def test_an_endless_answer_is_cut_off() -> None:
    sent: list[int] = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while len(sent) < 10_000:
                sent.append(KIBIBYTE)
                yield b" " * KIBIBYTE

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Endless()))

    with ProductsClient(ADDRESS, token=str, transport=transport) as client, pytest.raises(ProductsUnavailable):
        client.get_product(1)

    assert len(sent) == 8 * 1024 + 1


@pytest.mark.parametrize("product_id", [404, 1], ids=["unknown", "out of sale"])
def test_a_product_that_is_not_for_sale_is_not_found(
    fake: FakeProductsApi, client: ProductsClient, product_id: int
) -> None:
    fake.add_product(is_active=False)

    with pytest.raises(ProductNotFound) as raised:
        client.get_product(product_id)

    assert raised.value.product_id == product_id


@pytest.mark.parametrize(
    ("status", "body", "description"),
    [
        (400, {"type": "/problems/invalid-request", "detail": "So?"}, r"answered 400 /problems/invalid-request So\?$"),
        (418, b"<html>", "answered 418$"),
    ],
)
def test_a_rejected_read_has_the_status_and_the_problem_if_there_is_one(
    fake: FakeProductsApi, client: ProductsClient, status: int, body: object, description: str
) -> None:
    fake.answer_with(status, body)

    with pytest.raises(RequestRejected, match=description):
        client.get_product(1)


def test_a_redirect_is_not_followed(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.answer_with(302, headers={"Location": "http://elsewhere.test/"})

    with pytest.raises(ProductsUnavailable, match="302"):
        client.get_product(1)

    assert len(fake.requests) == 1
