"""The sample catalogue: there on the first start, and never in the way of real products."""

from io import StringIO

import pytest
from django.core.management import call_command

from products.models import Product
from tests.world import add_product, is_conserved

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_sample_catalogue", stdout=out)
    return out.getvalue()


def test_an_empty_catalogue_is_filled_once() -> None:
    assert load() == "8 products were added.\n"
    assert Product.objects.get(name="Desk lamp").stock_quantity > 0
    assert all(is_conserved(product) for product in Product.objects.all())

    assert load() == "The catalogue is not empty; nothing was added.\n"
    assert Product.objects.count() == 8


def test_a_catalogue_with_a_product_of_its_own_is_left_alone() -> None:
    add_product(name="Anvil")

    load()

    assert Product.objects.count() == 1
