"""What a product is called elsewhere: shown, searched for, changed, and never shared by two."""

import pytest
from rest_framework.test import APIClient

from products.models import Product
from tests.world import PRODUCTS, add_product, address

pytestmark = pytest.mark.django_db


def create(clerk: APIClient, external_reference: str | None) -> Product:
    response = clerk.post(PRODUCTS, {"name": "Desk lamp", "price": "39.90", "external_reference": external_reference})
    assert response.status_code == 201, response.content
    return Product.objects.one(response.json()["id"])


def test_who_says_none_has_none(clerk: APIClient, nobody: APIClient) -> None:
    for product in (add_product(), add_product(), create(clerk, None)):
        assert nobody.get(address(product)).json()["external_reference"] is None


def test_the_list_finds_exactly_the_product_that_has_it(clerk: APIClient, nobody: APIClient) -> None:
    lamp = create(clerk, "ACME 17")
    create(clerk, "ACME 170")
    create(clerk, "acme 17")

    found = nobody.get(PRODUCTS, {"external_reference": "ACME 17"}).json()["results"]

    assert [product["id"] for product in found] == [lamp.pk]


def test_one_that_was_given_up_can_be_had_by_another(clerk: APIClient) -> None:
    lamp, other = create(clerk, "ACME-17"), create(clerk, None)

    clerk.patch(address(lamp), {"external_reference": None})
    response = clerk.patch(address(other), {"external_reference": "ACME-17"})

    assert response.json()["external_reference"] == "ACME-17"
