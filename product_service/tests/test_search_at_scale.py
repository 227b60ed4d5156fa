"""What a search by name reads of a large catalogue: what it finds, wherever that lies in the requested order."""

import json

import pytest
from django.db import connection
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import assert_problem

PRODUCTS = 40_000
FOUND = 1600  # products that have the word; they come last by name, and first by age
MOST_BLOCKS = 2 * FOUND
PARTS = ("zeppelin", "ZEPP", "eppel")
ORDERINGS = ("name", "-name", "price", "-price", "created_at", "-created_at")

MAKE_CATALOGUE = f"""
    INSERT INTO products_product (name, description, price, stock_quantity, is_active, created_at, updated_at)
    SELECT CASE WHEN n <= {FOUND} THEN 'Zeppelin ' ELSE 'Article ' END || n, '', n % 900, 0, true, at, at
    FROM (SELECT n, now() + n * interval '1 second' AS at FROM generate_series(1, {PRODUCTS}) AS n) AS made
"""

pytestmark = pytest.mark.django_db
READS_LITTLE = pytest.mark.postgresql("SQLite reads all names, whatever is requested")


@pytest.fixture
def catalogue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MAKE_CATALOGUE)
        cursor.execute("ANALYZE products_product")


def blocks_read(part: str, ordering: str) -> int:
    """How many blocks PostgreSQL looks at for a first page."""
    order = (ordering, "-pk" if ordering.startswith("-") else "pk")
    page = Product.objects.active().named(part).order_by(*order)[:21]
    [explained] = json.loads(page.explain(format="json", analyze=True, buffers=True))
    plan = explained["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


@READS_LITTLE
@pytest.mark.usefixtures("catalogue")
def test_a_search_reads_what_it_finds_and_not_what_lies_before_it() -> None:
    read = {(part, ordering): blocks_read(part, ordering) for part in PARTS for ordering in ORDERINGS}

    assert {search: blocks for search, blocks in read.items() if blocks > MOST_BLOCKS} == {}


@READS_LITTLE
@pytest.mark.usefixtures("catalogue")
def test_a_search_that_finds_nothing_reads_next_to_nothing() -> None:
    assert blocks_read("nothing is called this", "name") < 100


@READS_LITTLE
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("search", ["name=zq", "in_stock=true"])
def test_a_search_that_reads_all_products_for_too_long_is_refused(nobody: APIClient, search: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '1ms'")

        response = nobody.get(f"/api/v1/products/?{search}")

        cursor.execute("RESET statement_timeout")
    assert_problem(response, status=422, slug="search-too-broad")


@pytest.mark.parametrize("part", ["l", "la", "lamp", "_a%"])
def test_parts_of_any_length_are_found(part: str) -> None:
    lamp = Product.objects.create(name="Desk L_A% lamp", price=1)
    Product.objects.create(name="Spoon", price=1)

    assert list(Product.objects.all().named(part)) == [lamp]
