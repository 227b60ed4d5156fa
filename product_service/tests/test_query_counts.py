"""What reading costs: as many queries for a hundred rows as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from inventory.services import adjust_stock
from tests.world import add_product, settle, want

pytestmark = pytest.mark.django_db


def queries(client: APIClient, address: str, *, rows: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, response.content
    assert len(response.json()["results"]) == rows
    return len(captured)


def add_products(count: int) -> str:
    for _ in range(count):
        add_product(stock=1)
    return "/api/v1/products/?page_size=100&in_stock=true&name=product&ordering=-price"


def add_adjustments(count: int) -> str:
    lamp = add_product()
    for _ in range(count):
        adjust_stock(product_id=lamp.pk, delta=1, reason="delivery", subject="the clerk")
    return f"/api/v1/products/{lamp.pk}/stock-adjustments/?page_size=100"


def add_reservations(count: int) -> str:
    lamp = add_product(stock=count)
    settle(*(want(lamp, 1) for _ in range(count)))
    return "/internal/v1/reservations/?page_size=100"


@pytest.mark.parametrize(
    ("who", "add", "cost"),
    [("nobody", add_products, 1), ("clerk", add_adjustments, 2), ("order_service", add_reservations, 1)],
    ids=["products", "stock adjustments", "reservations"],
)
@pytest.mark.parametrize("rows", [1, 100])
def test_a_list_costs_the_same_however_long_it_is(
    who: str, add: Callable[[int], str], cost: int, rows: int, request: pytest.FixtureRequest
) -> None:
    client: APIClient = request.getfixturevalue(who)
    address = add(rows)

    assert queries(client, address, rows=rows) == cost


def test_a_later_page_costs_the_same_as_the_first(nobody: APIClient) -> None:
    add_products(30)
    following = nobody.get("/api/v1/products/?page_size=10").json()["next"]

    assert queries(nobody, following, rows=10) == 1


def test_one_product_costs_one_query(nobody: APIClient) -> None:
    lamp = add_product()

    with CaptureQueriesContext(connection) as captured:
        nobody.get(f"/api/v1/products/{lamp.pk}/")

    assert len(captured) == 1
