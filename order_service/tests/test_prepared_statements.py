"""The statements that are always used: parsed and planned once for a connection, and planned anew when they are old."""

import time

import pytest
from django.db import connection

from orders.drafts import Placed
from orders.errors import InsufficientStock, OutcomeUnknown
from orders.placement import place_group
from service_kit.database.postgresql import base
from tests.factories import draft, place

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite's library prepares what it likes"),
]


@pytest.fixture(autouse=True)
def _a_connection_of_its_own() -> None:
    connection.close()


def prepared() -> dict[str, str]:
    """Return the names of the prepared statements of this connection, by their first word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        return {statement.split()[0]: name for name, statement in cursor.fetchall()}


def plan_of_the_confirmation() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'EXPLAIN EXECUTE "{prepared()["WITH"]}"(\'[[1, "Lamp", "1.00", ""]]\', 1)')
        return "\n".join(line for (line,) in cursor.fetchall())


def store_many() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_order (
                owner, product_id, product_name, unit_price, quantity, placed_quantity, status, placement, failure,
                reservation_id, revision, synced_revision, attempts, created_at, updated_at, placed_at
            )
            SELECT 'somebody', 1, 'Lamp', 1, 1, 1, 'pending', 'live', '', gen_random_uuid(), 1, 1, 0,
                now(), now(), now()
            FROM generate_series(1, 20000)
            """
        )


def test_only_the_two_statements_of_order_placement_are_prepared(lamp: int) -> None:
    place(lamp)
    place(lamp)

    assert prepared().keys() == {"INSERT", "WITH"}


def test_a_plan_that_was_made_for_a_small_table_is_made_anew(lamp: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_order CASCADE")  # the rows that other tests rolled back take up pages
        cursor.execute("ANALYZE orders_order")
    place(lamp)
    store_many()
    assert "Seq Scan on orders_order" in plan_of_the_confirmation()

    time.sleep(base.FIRST_PLANS)
    place(lamp)

    assert "Index Scan using orders_order_pkey" in plan_of_the_confirmation()


def test_after_a_column_has_changed_its_type_the_outcome_of_a_mixed_group_is_unknown_and_the_next_one_is_placed(
    lamp: int,
) -> None:
    place_group([draft(lamp), draft(lamp, quantity=11)])
    migration = connection.copy()
    with migration.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderevent ALTER COLUMN order_id TYPE integer")
        try:
            unknown, placed = (place_group([draft(lamp), draft(lamp, quantity=11)]) for _ in range(2))
        finally:
            cursor.execute("ALTER TABLE orders_orderevent ALTER COLUMN order_id TYPE bigint")
            migration.close()

    assert [type(answer) for answer in unknown] == [OutcomeUnknown, OutcomeUnknown]
    assert [type(answer) for answer in placed] == [Placed, InsufficientStock]
