"""Pages of the list of products: in each of its orderings, and with its filters. Pages are tested in the kit."""

import pytest
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.pages import walk
from tests.world import PRODUCTS, add_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for number in range(11):
        add_product(name=f"Lamp {number % 3}", price=str(number % 4), stock=number)


@pytest.mark.parametrize("ordering", ["name", "-name", "price", "-price", "created_at", "-created_at"])
def test_each_product_is_on_one_page_in_the_order_asked_for(nobody: APIClient, ordering: str) -> None:
    pages = walk(nobody, f"{PRODUCTS}?ordering={ordering}&page_size=3")

    listed = [product["id"] for page in pages for product in page]
    sign = "-" if ordering.startswith("-") else ""
    assert listed == list(Product.objects.order_by(ordering, f"{sign}pk").values_list("pk", flat=True))
    assert all(len(page) == 3 for page in pages[:-1])


def test_filters_hold_on_every_page(nobody: APIClient) -> None:
    pages = walk(nobody, f"{PRODUCTS}?name=lamp+1&in_stock=true&page_size=2")

    assert [[product["name"] for product in page] for page in pages] == [["Lamp 1"] * 2, ["Lamp 1"] * 2]
