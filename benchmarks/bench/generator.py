"""A large shop, made up: products, orders and their reservations, by COPY, with the indexes built afterwards."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from bench.progress import say
from bench.stores import STOCK
from bench.words import product_name

Connection = psycopg.Connection[tuple[Any, ...]]

CHUNK = 10_000  # rows
REPORT = 500_000  # rows
CUSTOMERS = 200_000
SEED = 20  # the same rows every time, and the same reservation ids on both sides
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)

PRODUCT_COLUMNS = "id, name, description, price, stock_quantity, is_active, created_at, updated_at"
ORDER_COLUMNS = (
    "id, owner, product_id, product_name, unit_price, quantity, placed_quantity, status, placement, failure, "
    "reservation_id, revision, synced_revision, attempts, created_at, updated_at, placed_at"
)
RESERVATION_COLUMNS = (
    "id, product_id, quantity, asked_quantity, revision, outcome, unit_price, product_name, created_at, updated_at"
)
LEDGER = """
    INSERT INTO inventory_stockadjustment (product_id, delta, reason, subject, created_at, fingerprint)
    SELECT p.id, p.stock_quantity + coalesce(r.held, 0), 'initial stock', 'generator', p.created_at, ''
    FROM products_product p
    LEFT JOIN (SELECT product_id, sum(quantity) AS held FROM inventory_reservation GROUP BY 1) r ON r.product_id = p.id
"""


def fill_products(connection: Connection, *, products: int, orders: int) -> None:
    """Fill product_service's empty tables: products, what orders hold, and the ledger."""
    _copy(connection, "products_product", PRODUCT_COLUMNS, _products(products), products)
    _copy(connection, "inventory_reservation", RESERVATION_COLUMNS, _reservations(orders, products), orders)
    with _without_indexes(connection, "inventory_stockadjustment"):
        connection.execute(LEDGER.encode())
    connection.execute("VACUUM (ANALYZE, FREEZE)")


def fill_orders(connection: Connection, *, products: int, orders: int) -> None:
    """Fill order_service's empty table with live orders of the last two years."""
    _copy(connection, "orders_order", ORDER_COLUMNS, _orders(orders, products), orders)
    connection.execute("VACUUM (ANALYZE, FREEZE)")


def _copy(connection: Connection, table: str, columns: str, rows: Iterator[str], count: int) -> None:
    with _without_indexes(connection, table):
        with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
            lines: list[str] = []
            for number, row in enumerate(rows, 1):
                lines.append(row)
                if len(lines) == CHUNK or number == count:
                    copy.write("".join(lines))
                    lines.clear()
                if number % REPORT == 0:
                    say(f"{table}: {number:,} of {count:,} rows")
        if count > REPORT:
            say(f"{table}: building its indexes ...")
    if columns.startswith("id, ") and table != "inventory_reservation":
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {max(1, count)})".encode())


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
        statement = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
        connection.execute(statement.encode())
    for _, definition in indexes:
        connection.execute(definition.encode())


def _products(count: int) -> Iterator[str]:
    for n in range(1, count + 1):
        at = BEGAN + timedelta(seconds=n * 60)
        yield f"{n}\t{product_name(n)}\tOne of many.\t{n * 7919 % 90000 / 100 + 1:.2f}\t{STOCK}\tt\t{at}\t{at}\n"


def _orders(count: int, products: int) -> Iterator[str]:
    for n, at, uuid, product, quantity, status in _placed_orders(count, products):
        revision = 2 if status == "canceled" else 1
        yield (
            f"{n}\tcustomer-{n * 7919 % CUSTOMERS}\t{product}\t{product_name(product)}\t19.90\t{quantity}\t{quantity}"
            f"\t{status}\tlive\t\t{uuid:032x}\t{revision}\t{revision}\t0\t{at}\t{at}\t{at}\n"
        )


def _reservations(count: int, products: int) -> Iterator[str]:
    for _, at, uuid, product, quantity, status in _placed_orders(count, products):
        held, revision, outcome = (0, 2, "released") if status == "canceled" else (quantity, 1, "held")
        yield (
            f"{uuid:032x}\t{product}\t{held}\t{held}\t{revision}\t{outcome}\t19.90\t{product_name(product)}\t{at}\t{at}\n"
        )


def _placed_orders(count: int, products: int) -> Iterator[tuple[int, datetime, int, int, int, str]]:
    """Order by order: its number, when, its reservation, its product, how many units, and what became of it."""
    chance = random.Random(SEED)  # noqa: S311 - made-up data
    step = timedelta(days=730) / max(1, count)
    for n in range(1, count + 1):
        bits = chance.getrandbits(160)
        status = STATUSES[bits >> 150 & 63]
        yield n, BEGAN + step * n, bits & (1 << 128) - 1, 1 + (bits >> 128 & 0xFFFFFF) % products, 1 + n % 3, status


# Of 64 orders, how many are what: most were delivered long ago.
STATUSES = ("pending",) * 5 + ("shipped",) * 6 + ("canceled",) * 2 + ("delivered",) * 51
