"""Creating a product."""

import pytest
from rest_framework.test import APIClient

from catalogue.serializers import LAMP
from inventory.models import StockAdjustment
from products.models import Product
from tests.world import PRODUCTS, is_conserved

pytestmark = pytest.mark.django_db


def test_a_product_is_created_with_all_that_was_said(clerk: APIClient) -> None:
    values = {**LAMP, "description": "A warm light.\nOn a long arm.", "stock_quantity": 12, "is_active": False}

    response = clerk.post(PRODUCTS, values)

    answer = response.json()
    there = clerk.get(response["Location"])
    assert (response.status_code, {field: answer[field] for field in values}) == (201, values)
    assert set(answer) == {*values, "id", "created_at", "updated_at"}
    assert answer["created_at"].endswith("Z")
    assert answer["updated_at"].endswith("Z")
    assert (there.json(), there["ETag"]) == (answer, response["ETag"])


def test_what_is_not_said_has_its_default(clerk: APIClient) -> None:
    answer = clerk.post(PRODUCTS, {"name": "Desk lamp", "price": 5}).json()

    assert (answer["description"], answer["stock_quantity"], answer["is_active"]) == ("", 0, True)
    assert answer["price"] == "5.00"


@pytest.mark.parametrize(("stock", "rows"), [(3, [(3, "initial stock", "the clerk")]), (0, [])])
def test_the_first_units_are_the_first_row_of_the_ledger(
    clerk: APIClient, stock: int, rows: list[tuple[int, str, str]]
) -> None:
    answer = clerk.post(PRODUCTS, {"name": "Desk lamp", "price": "39.90", "stock_quantity": stock}).json()

    ledger = StockAdjustment.objects.filter(product_id=answer["id"])
    assert list(ledger.values_list("delta", "reason", "subject")) == rows
    assert is_conserved(Product.objects.one(answer["id"]))


@pytest.mark.parametrize(("name", "stored"), [("  Desk lamp ", "Desk lamp"), ("灯" * 255, "灯" * 255)])
def test_a_name_has_up_to_255_signs_of_any_script_and_no_space_around_it(
    clerk: APIClient, name: str, stored: str
) -> None:
    assert clerk.post(PRODUCTS, {"name": name, "price": "39.90"}).json()["name"] == stored
