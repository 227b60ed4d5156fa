"""What reading costs: as many queries for a hundred rows as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from inventory.services import adjust_stock
from tests.world import PRODUCTS, RESERVATIONS, add_product, address, ledger, settle, want

pytestmark = pytest.mark.django_db


def queries(client: APIClient, where: str, *, rows: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(where)
    assert response.status_code == 200, response.content
    assert len(response.json()["results"]) == rows
    return len(captured)


def add_products(count: int) -> str:
    for _ in range(count):
        add_product(stock=1)
    return f"{PRODUCTS}?page_size=100&in_stock=true&name=product&ordering=-price"


def add_adjustments(count: int) -> str:
    lamp = add_product()
    for _ in range(count):
        adjust_stock(product_id=lamp.pk, delta=1, reason="delivery", subject="the clerk")
    return f"{ledger(lamp)}?page_size=100"


def add_reservations(count: int) -> str:
    lamp = add_product(stock=count)
    settle(*(want(lamp, 1) for _ in range(count)))
    return f"{RESERVATIONS}?page_size=100"


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

    assert queries(client, add(rows), rows=rows) == cost


def test_one_product_costs_one_query(nobody: APIClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lamp = add_product()

    with django_assert_num_queries(1):
        nobody.get(address(lamp))
