"""Requests to product_service: their URL, headers and body."""

import ssl
from typing import Any

import httpx
import msgspec
import pytest

from products_client import ProductNotFound, ProductsClient, ReservationNotFound
from products_stand_in.api import FakeProductsApi
from tests.client_calls import ONE, item


@pytest.fixture(autouse=True)
def _lamp(fake: FakeProductsApi) -> None:
    fake.add_product()


def test_the_body_is_what_the_protocol_says(fake: FakeProductsApi) -> None:
    with fake.client() as client:
        client.put_reservations([item(product=7)])

    assert msgspec.json.decode(fake.requests[0].content) == {
        "reservations": [{"id": str(ONE), "product_id": 7, "quantity": 2, "revision": 1}]
    }


def test_a_fresh_token_goes_with_each_call_of_the_internal_side_only(fake: FakeProductsApi) -> None:
    tokens = ["token-3", "token-2", "token-1"]
    fake.answer_with(200, {"next": None, "results": []}, times=2)
    fake.answer_with(404)

    with fake.client(token=tokens.pop) as client:
        list(client.iter_reservations())
        list(client.iter_balances())
        with pytest.raises(ReservationNotFound):
            client.get_reservation(ONE)
        client.get_product(1)
        client.find_products(name="lamp")

    sent = [request.headers.get("Authorization") for request in fake.requests]
    assert sent == ["Bearer token-1", "Bearer token-2", "Bearer token-3", None, None]


@pytest.mark.parametrize("request_id", ["0123456789abcdef", None], ids=["is passed on", "is not made up"])
def test_the_request_id_of_a_read_that_is_to_be_uncompressed(fake: FakeProductsApi, request_id: str | None) -> None:
    with fake.client(request_id=lambda: request_id) as client:
        client.get_product(1)

    assert fake.requests[0].headers.get("X-Request-ID") == request_id
    assert fake.requests[0].headers["Accept-Encoding"] == "identity"


def test_a_prefix_of_the_address_is_kept() -> None:
    fake = FakeProductsApi()

    with (
        ProductsClient("http://gateway.test:8081/shop", token=str, transport=httpx.MockTransport(fake)) as client,
        pytest.raises(ProductNotFound),
    ):
        client.get_product(1)

    assert fake.requests[0].url == "http://gateway.test:8081/shop/api/v1/products/1/"


@pytest.mark.parametrize("address", ["", "localhost:8081", "ftp://products", "file:///etc/passwd", "//products"])
def test_an_address_that_is_not_of_the_web_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="address of products"):
        ProductsClient(address, token=str)


@pytest.mark.parametrize(("address", "times"), [("http://products", 0), ("https://products", 1)])
def test_certificates_are_loaded_only_where_they_are_needed(
    monkeypatch: pytest.MonkeyPatch, address: str, times: int
) -> None:
    loaded: list[Any] = []
    load = ssl.SSLContext.load_verify_locations

    def observed(context: ssl.SSLContext, *args: Any, **options: Any) -> None:
        loaded.append(args)
        load(context, *args, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", observed)

    ProductsClient(address, token=str).close()

    assert len(loaded) == times
