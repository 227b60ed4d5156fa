"""A large shop, made up: products, orders and their reservations, with the indexes built afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench.stores import STOCK
from bench.words import product_names

Connection = psycopg.Connection[tuple[Any, ...]]

PRODUCTS = f"""
    INSERT INTO products_product
        (id, name, description, price, stock_quantity, is_active, created_at, updated_at)
    SELECT n, name, 'One of many.', mod(n * 7919, 90000) / 100.0 + 1, {STOCK}, true, at, at
    FROM (SELECT n, name, timestamptz '2024-01-01 00:00Z' + n * interval '1 minute' AS at
        FROM unnest(%s::text[]) WITH ORDINALITY AS names (name, n)) AS made
"""
# The same on both sides. Of 64 orders, most were delivered long ago.
PLACED = """
    SELECT n, md5(n::text)::uuid AS reservation_id, 1 + abs(hashint8(n)::bigint) % {products} AS product_id,
        1 + n % 3 AS quantity, timestamptz '2024-01-01 00:00Z' + n * (interval '730 days' / {orders}) AS at,
        CASE WHEN chance < 5 THEN 'pending' WHEN chance < 11 THEN 'shipped' WHEN chance < 13 THEN 'canceled'
            ELSE 'delivered' END AS status,
        CASE WHEN chance BETWEEN 11 AND 12 THEN 2 ELSE 1 END AS revision
    FROM (SELECT n, abs(hashint8(n + 1000000000)::bigint) % 64 AS chance
        FROM generate_series(1::bigint, {orders}) AS n) AS made
"""
ORDERS = f"""
    INSERT INTO orders_order
        (id, owner, product_id, product_name, unit_price, quantity, placed_quantity, status, placement, failure,
        reservation_id, revision, synced_revision, attempts, created_at, updated_at, placed_at)
    SELECT n, 'customer-' || n * 7919 % 200000, product_id, 'Product ' || product_id, 19.90, quantity, quantity, status,
        'live', '', reservation_id, revision, revision, 0, at, at, at
    FROM ({PLACED}) AS placed
"""
RESERVATIONS = f"""
    INSERT INTO inventory_reservation
        (id, product_id, quantity, asked_quantity, revision, outcome, unit_price, product_name, created_at, updated_at)
    SELECT reservation_id, product_id, held, held, revision, CASE revision WHEN 1 THEN 'held' ELSE 'released' END,
        19.90, 'Product ' || product_id, at, at
    FROM (SELECT *, CASE revision WHEN 1 THEN quantity ELSE 0 END AS held FROM ({PLACED}) AS placed) AS reserved
"""
LEDGER = """
    INSERT INTO inventory_stockadjustment (product_id, delta, reason, subject, created_at, fingerprint)
    SELECT p.id, p.stock_quantity + coalesce(r.held, 0), 'initial stock', 'generator', p.created_at, ''
    FROM products_product p
    LEFT JOIN (SELECT product_id, sum(quantity) AS held FROM inventory_reservation GROUP BY 1) r ON r.product_id = p.id
"""


def fill_products(connection: Connection, *, products: int, orders: int) -> None:
    """Fill product_service's empty tables: products, what orders hold, and the ledger."""
    _fill(connection, "products_product", PRODUCTS, [product_names(products)])
    _fill(connection, "inventory_reservation", RESERVATIONS.format(products=products, orders=orders))
    _fill(connection, "inventory_stockadjustment", LEDGER)
    connection.execute("SELECT setval(pg_get_serial_sequence('products_product', 'id'), max(id)) FROM products_product")
    connection.execute("VACUUM (ANALYZE, FREEZE)")


def fill_orders(connection: Connection, *, products: int, orders: int) -> None:
    """Fill order_service's empty table with live orders of two years."""
    _fill(connection, "orders_order", ORDERS.format(products=products, orders=orders))
    connection.execute("SELECT setval(pg_get_serial_sequence('orders_order', 'id'), max(id)) FROM orders_order")
    connection.execute("VACUUM (ANALYZE, FREEZE)")


def _fill(connection: Connection, table: str, statement: str, parameters: list[Any] | None = None) -> None:
    with _without_indexes(connection, table):
        connection.execute(statement.encode(), parameters)


@contextmanager
def _without_indexes(connection: Connection, table: str) -> Iterator[None]:
    """Drop a table's indexes and keys, and build them again afterwards: a bulk load is many times faster so."""
    keys = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u')"
        " AND NOT EXISTS (SELECT FROM pg_constraint AS by WHERE by.confrelid = pg_constraint.conrelid)",
        [table],
    ).fetchall()
    for name, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*map(sql.Identifier, (table, name))))
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for name, definition in keys:
        connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'.encode())
    for _, definition in indexes:
        connection.execute(definition.encode())
