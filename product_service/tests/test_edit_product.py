"""Editing a product, and what an edit must not overwrite."""

import pytest
from rest_framework.test import APIClient

from inventory.models import StockAdjustment
from tests.world import add_product, address, is_conserved, settle_one, stock_of, want

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Floor lamp"), ("description", "Tall."), ("description", ""), ("price", "44.44"), ("is_active", False)],
)
def test_a_field_is_changed_and_the_others_stay(clerk: APIClient, field: str, value: str) -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    before = clerk.get(address(lamp)).json()

    response = clerk.patch(address(lamp), {field: value})

    assert response.status_code == 200
    after = response.json()
    assert after[field] == value
    assert {name for name in after if after[name] != before[name]} <= {field, "updated_at"}
    assert clerk.get(address(lamp)).json() == after


def test_a_withdrawn_product_can_be_brought_back(clerk: APIClient, nobody: APIClient) -> None:
    lamp = add_product(is_active=False)

    clerk.patch(address(lamp), {"is_active": True})

    assert nobody.get(address(lamp)).status_code == 200


@pytest.mark.parametrize(("stock", "recorded"), [(12, [(7, "stock set to 12", "the clerk")]), (5, [])])
def test_stock_that_is_set_is_recorded_as_what_was_missing(
    clerk: APIClient, stock: int, recorded: list[tuple[int, str, str]]
) -> None:
    lamp = add_product(stock=5)

    answer = clerk.patch(address(lamp), {"stock_quantity": stock}).json()

    rows = StockAdjustment.objects.filter(product=lamp).order_by("pk").values_list("delta", "reason", "subject")
    assert (answer["stock_quantity"], list(rows[1:])) == (stock, recorded)


def test_stock_that_is_set_does_not_touch_what_is_reserved(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    settle_one(want(lamp, 3))

    clerk.patch(address(lamp), {"stock_quantity": 0})

    assert stock_of(lamp) == 0
    assert is_conserved(lamp)


def test_an_edit_of_the_rest_does_not_write_the_stock(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    settle_one(want(lamp, 3))

    answer = clerk.patch(address(lamp), {"name": "Floor lamp", "price": "1.00"}).json()

    assert answer["stock_quantity"] == 2
    assert StockAdjustment.objects.filter(product=lamp).count() == 1


@pytest.mark.parametrize("edit", [{}, {"name": "Desk lamp", "price": "39.9"}], ids=["empty", "with equal values"])
def test_an_edit_that_changes_nothing_leaves_the_state_as_it_was(clerk: APIClient, edit: dict[str, str]) -> None:
    lamp = add_product(name="Desk lamp", price="39.90")
    before = clerk.get(address(lamp))

    response = clerk.patch(address(lamp), edit)

    assert (response.status_code, response.content, response["ETag"]) == (200, before.content, before["ETag"])
