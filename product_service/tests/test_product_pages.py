"""Orders and pages of the list of products: every product once, in order, whatever the page size."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import pointers
from tests.world import PRODUCTS, add_product, withdraw

pytestmark = pytest.mark.django_db


def walk(client: APIClient, address: str, *, direction: str = "next") -> list[list[dict[str, Any]]]:
    pages = []
    following: str | None = address
    while following:
        response = client.get(following)
        assert response.status_code == 200, response.content
        page = response.json()
        pages.append(page["results"])
        following = page[direction]
    return pages


def last_page(client: APIClient, address: str) -> str:
    page = client.get(address).json()
    while page["next"]:
        address = page["next"]
        page = client.get(address).json()
    return address


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for number in range(11):
        add_product(name=f"Lamp {number % 3}", price=str(number % 4), stock=number)


@pytest.mark.parametrize("ordering", ["name", "-name", "price", "-price", "created_at", "-created_at"])
@pytest.mark.parametrize("page_size", [1, 3, 11, 100])
def test_each_product_is_on_one_page_in_the_order_asked_for(nobody: APIClient, ordering: str, page_size: int) -> None:
    pages = walk(nobody, f"{PRODUCTS}?ordering={ordering}&page_size={page_size}")

    listed = [product["id"] for page in pages for product in page]
    sign = "-" if ordering.startswith("-") else ""
    assert listed == list(Product.objects.order_by(ordering, f"{sign}pk").values_list("pk", flat=True))
    assert all(len(page) == page_size for page in pages[:-1])


def test_the_way_back_shows_the_same_pages(nobody: APIClient) -> None:
    address = f"{PRODUCTS}?ordering=price&page_size=4"
    forwards = walk(nobody, address)

    backwards = walk(nobody, last_page(nobody, address), direction="previous")

    assert list(reversed(backwards)) == forwards


def test_the_first_page_has_no_previous_and_the_last_no_next(nobody: APIClient) -> None:
    page = nobody.get(PRODUCTS).json()

    assert (page["next"], page["previous"]) == (None, None)
    assert len(page["results"]) == 11


def test_a_page_has_20_products_unless_asked_otherwise(nobody: APIClient) -> None:
    for _ in range(10):
        add_product()

    page = nobody.get(PRODUCTS).json()

    assert len(page["results"]) == 20
    assert page["next"]


def test_filters_hold_on_every_page(nobody: APIClient) -> None:
    pages = walk(nobody, f"{PRODUCTS}?name=lamp+1&in_stock=true&page_size=2")

    assert [[product["name"] for product in page] for page in pages] == [["Lamp 1"] * 2, ["Lamp 1"] * 2]


def test_a_product_that_comes_or_goes_meanwhile_shifts_nobody_else(nobody: APIClient) -> None:
    first = nobody.get(f"{PRODUCTS}?ordering=created_at&page_size=5").json()
    withdraw(Product.objects.one(first["results"][0]["id"]))
    rest = [product["id"] for page in walk(nobody, first["next"]) for product in page]

    newest = list(Product.objects.order_by("created_at").values_list("pk", flat=True))[5:]
    assert rest == newest


def test_a_cursor_of_another_order_is_refused(nobody: APIClient) -> None:
    following = nobody.get(f"{PRODUCTS}?ordering=price&page_size=2").json()["next"]

    response = nobody.get(following.replace("ordering=price", "ordering=name"))

    assert pointers(response) == ["/cursor"]


def test_a_cursor_that_was_tampered_with_is_refused(nobody: APIClient) -> None:
    following = nobody.get(f"{PRODUCTS}?page_size=2").json()["next"]

    response = nobody.get(following.replace("cursor=", "cursor=A"))

    assert pointers(response) == ["/cursor"]
