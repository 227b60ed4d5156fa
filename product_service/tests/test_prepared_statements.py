"""The statement that is always used: parsed and planned once for a connection, and planned anew when that is old."""

import time

import pytest
from django.db import connection

from inventory.models import Reservation
from products.models import Product
from service_kit.database.postgresql import base
from tests.world import add_product, settle_one, want

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite settles step by step")]


@pytest.fixture(autouse=True)
def _an_empty_shop() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE inventory_reservation")  # the rows that other tests rolled back take up pages
        cursor.execute("ANALYZE inventory_reservation")


def plan() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        [(name,)] = cursor.fetchall()  # one statement, whatever was held
        hold = '[["01a20458-0000-7000-8000-000000000000", 1, 1, 1]]'
        cursor.execute(f"EXPLAIN EXECUTE \"{name}\"('{hold}', 1)")
        return "\n".join(line for (line,) in cursor.fetchall())


def fill(product: Product) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inventory_reservation (
                id, product_id, quantity, asked_quantity, revision, outcome, unit_price, product_name, created_at,
                updated_at
            )
            SELECT gen_random_uuid(), %s, 0, 1, 2, 'held', 1, 'Lamp', now(), now() FROM generate_series(1, 20000)
            """,
            [product.pk],
        )


def test_a_plan_that_was_made_for_a_small_table_is_made_anew() -> None:
    lamp = add_product(stock=100)
    settle_one(want(lamp, 1))
    settle_one(want(lamp, 1))
    fill(lamp)
    assert "Seq Scan on inventory_reservation" in plan()

    time.sleep(base.FIRST_PLANS)
    settle_one(want(lamp, 1))

    assert "using inventory_reservation_pkey" in plan()
    assert Reservation.objects.count() == 20003
