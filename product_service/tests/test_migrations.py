"""Migrations: all can be undone, and what only one database has is there."""

import pytest
from django.core.management import call_command
from django.db import connection

from products.models import Product
from tests.world import add_product

TABLE = "products_product"


@pytest.mark.django_db(transaction=True)
def test_all_can_be_undone_and_done_again() -> None:
    try:
        call_command("migrate", "products", "zero", verbosity=0)
        assert TABLE not in connection.introspection.table_names()
    finally:
        call_command("migrate", verbosity=0)

    assert add_product(stock=1).stock_quantity == 1


@pytest.mark.django_db
@pytest.mark.postgresql("SQLite has no such index")
def test_a_search_by_name_can_use_the_index_of_trigrams() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Product.objects.filter(name__icontains="lamp").explain()

    assert "product_by_words" in plan


@pytest.mark.django_db
@pytest.mark.postgresql("SQLite explains itself in other words")
@pytest.mark.parametrize(
    ("ordering", "index"),
    [("name", "product_by_name"), ("-price", "product_by_price"), ("created_at", "product_by_age")],
)
def test_every_order_of_the_list_has_its_index(ordering: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")

    plan = Product.objects.order_by(ordering, "-pk" if ordering.startswith("-") else "pk").explain()

    assert index in plan
