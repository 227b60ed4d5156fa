"""Lists of products and reservations: all pages are read, and a part of a list is never taken for all of it."""

from uuid import uuid4

import pytest

from products_client import Outcome, ProductsClient, ProductsUnavailable, RequestRejected, TooManyProducts
from products_stand_in.api import ADDRESS, FakeProductsApi
from tests.client_calls import item


def test_all_pages_are_read_of_the_products_with_a_part_of_their_name_in_any_case(
    fake: FakeProductsApi, client: ProductsClient
) -> None:
    fake.page_limit = 2
    names = ["Desk lamp", "Floor LAMP", "Lamp 1", "Lamp 2", "Lamp 3"]
    for name in [*names, "Chair"]:
        fake.add_product(name=name)

    found = client.find_products(name="lamp")

    assert [product.name for product in found] == names
    assert len(fake.requests) == 3


def test_only_the_cursor_of_a_next_page_is_used(fake: FakeProductsApi, client: ProductsClient) -> None:
    elsewhere = "https://elsewhere.test/other/?cursor=a%26b%3D&name=other"
    fake.answer_with(200, {"next": elsewhere, "previous": None, "results": []})
    fake.answer_with(200, {"next": None, "previous": None, "results": []})

    client.find_products(name="lamp")

    second = fake.requests[1].url
    assert second.copy_with(query=None) == f"{ADDRESS}/api/v1/products/"
    assert dict(second.params) == {"name": "lamp", "page_size": "100", "cursor": "a&b="}


@pytest.mark.parametrize(
    "addresses", [[""], ["/"], ["?cursor="], ["?cursor=a&cursor=b"], ["?cursor=a", "?cursor=a"]], ids=repr
)
def test_a_next_page_without_a_new_cursor_is_an_invalid_answer(
    fake: FakeProductsApi, client: ProductsClient, addresses: list[str]
) -> None:
    for address in addresses:
        fake.answer_with(200, {"next": address, "previous": None, "results": []})

    with pytest.raises(ProductsUnavailable, match="link to the next page"):
        client.find_products(name="lamp")

    assert len(fake.requests) == len(addresses)


def test_a_part_of_too_many_products_is_never_taken_for_all(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.page_limit = 2
    for number in range(21):
        fake.add_product(name=f"Lamp {number}")

    with pytest.raises(TooManyProducts):
        client.find_products(name="Lamp")

    assert len(fake.requests) == 10


def test_all_reservations_are_read_in_order_of_id(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.page_limit = 2
    lamp = fake.add_product(stock=100)
    items = [item(uuid4(), product=lamp, quantity=1) for _ in range(5)]
    client.put_reservations(items)

    seen = list(client.iter_reservations())

    assert [row.id for row in seen] == sorted(each.id for each in items)
    assert {(row.product_id, row.quantity, row.revision, row.outcome) for row in seen} == {(lamp, 1, 1, Outcome.HELD)}


def test_a_list_that_breaks_off_raises(fake: FakeProductsApi, client: ProductsClient) -> None:
    fake.answer_with(200, {"next": "?cursor=a", "previous": None, "results": []})
    fake.answer_with(418)

    with pytest.raises(RequestRejected):
        list(client.iter_reservations())
