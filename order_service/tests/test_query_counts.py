"""The number of statements of a request: the same for a hundred rows as for one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from products_stand_in.api import FakeProductsApi
from tests.factories import ORDERS, live_order, order_url, place

WRITES = ("INSERT", "UPDATE", "WITH")
PLACED = ("WITH",) if connection.vendor == "postgresql" else ("WITH", "INSERT")  # with its event


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["customer", "clerk"])
@pytest.mark.parametrize("rows", [1, 100])
@pytest.mark.parametrize("filters", ["", "&status=pending&product_id=1&created_after=2020-01-01T00:00:00Z"])
def test_a_list_costs_one_query_however_long_it_is(
    who: str, rows: int, filters: str, request: pytest.FixtureRequest
) -> None:
    client: APIClient = request.getfixturevalue(who)
    for _ in range(rows):
        live_order()

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{ORDERS}?page_size=100{filters}")

    assert len(response.json()["results"]) == rows
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "body", "writes"),
    [
        ("post", {"quantity": 2}, ["INSERT", *PLACED]),
        ("post", {"quantity": 11}, ["INSERT", "UPDATE"]),
        *(("patch", body, ["UPDATE", "INSERT"]) for body in ({"status": "canceled"}, {"quantity": 1})),
        ("patch", {"quantity": 2}, []),
        ("patch", {"quantity": 5}, ["UPDATE", "UPDATE", "INSERT"]),
    ],
    ids=repr,
)
def test_a_change_takes_as_few_statements_as_possible(
    customer: APIClient, lamp: int, method: str, body: dict[str, Any], writes: list[str]
) -> None:
    order = place(lamp)
    where = order_url(order) if method == "patch" else ORDERS

    with CaptureQueriesContext(connection) as queries:
        getattr(customer, method)(where, body if method == "patch" else {"product_id": lamp, **body})

    assert [verb for query in queries if (verb := query["sql"].split()[0]) in WRITES] == writes


@pytest.mark.django_db
def test_r9_reading_is_one_query_and_calls_nobody(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)
    calls = len(products.requests)

    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            customer.get(ORDERS)
            customer.get(order_url(order))

    assert [query["sql"].split()[0] for query in queries] == ["SELECT"] * 6
    assert len(products.requests) == calls
