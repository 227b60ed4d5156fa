"""A sample has every row that changed since the last one, and names those that are gone."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from chaos.journal import Clock
from chaos.sampling.databases import Database, PostgresDatabase, SqliteDatabase, UnreadableError
from chaos.sampling.rows import OrderRows, ProductRows
from stack.environment import plain_environment
from stack.part import Part
from stack.postgres import Cluster

TABLES = """
CREATE TABLE orders_order (id int, owner text, idempotency_key text, product_id int, product_name text,
  unit_price numeric, quantity int, placed_quantity int, status text, placement text, failure text,
  reservation_id text, revision int, synced_revision int, target_quantity int, created_at text);
CREATE TABLE products_product (id int, name text, price numeric, stock_quantity int);
CREATE TABLE inventory_reservation (id text, product_id int, quantity int, revision int);
CREATE TABLE inventory_stockadjustment (product_id int, delta int);
INSERT INTO products_product VALUES (1, 'Lamp', 19.9, 7);
INSERT INTO inventory_stockadjustment VALUES (1, 10), (1, -1);
"""
NO_TABLES = "".join(
    f"DROP TABLE {table};"
    for table in ("orders_order", "products_product", "inventory_reservation", "inventory_stockadjustment")
)
RESERVATION = "0f8fad5b-d9cb-469f-a165-70867728950e"


@dataclass(frozen=True)
class WritableDatabase:
    """A database under test, and how to write into it and to stop it."""

    database: Database
    write: Callable[[str], None]
    stop: Callable[[], object]
    start: Callable[[], object]


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest) -> Iterator[WritableDatabase]:
    made: WritableDatabase = request.getfixturevalue(f"{request.param}_database")
    made.write(TABLES)
    yield made
    made.database.close()
    made.write(NO_TABLES)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> WritableDatabase:
    file, away = tmp_path / "db.sqlite3", tmp_path / "away"

    def write(statements: str) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(statements)

    return WritableDatabase(SqliteDatabase(file), write, lambda: file.rename(away), lambda: away.rename(file))


@pytest.fixture
def postgresql_database(server: tuple[Cluster, Part]) -> WritableDatabase:
    cluster, part = server
    url = cluster.database_url("orders")

    def write(statements: str) -> None:
        psql = [str(cluster.programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run(psql, input=statements, text=True, check=True, env=plain_environment())

    return WritableDatabase(PostgresDatabase(url), write, part.stop, part.start)


def order(number: int, *, placement: str = "live", revision: int = 1, synced: int = 1) -> str:
    return (
        f"INSERT INTO orders_order VALUES ({number}, 'alice', NULL, 1, 'Lamp', 19.9, 2, 2, 'pending', '{placement}', "
        f"'', '{RESERVATION}', {revision}, {synced}, NULL, '2026-01-02 03:04:05');"
    )


def test_the_first_sample_has_every_row_and_the_next_one_what_changed(opened: WritableDatabase) -> None:
    rows = OrderRows(opened.database, Clock())
    opened.write(order(1) + order(2))

    first = rows.sample()
    unchanged = rows.sample()
    opened.write("UPDATE orders_order SET status = 'shipped' WHERE id = 2;" + order(3))
    changed = rows.sample()

    assert sorted(row.id for row in first.rows or ()) == [1, 2]
    assert unchanged.rows == []
    assert sorted((row.id, row.status) for row in changed.rows or ()) == [(2, "shipped"), (3, "pending")]
    assert (changed.live, changed.placing) == (3, 0)


def test_a_row_that_is_gone_is_named_once(opened: WritableDatabase) -> None:
    rows = OrderRows(opened.database, Clock())
    opened.write(order(1) + order(2))
    rows.sample()

    opened.write("DELETE FROM orders_order WHERE id = 1;")

    assert rows.sample().gone == [1]
    assert rows.sample().gone == []


def test_changes_made_before_the_database_stopped_are_in_the_next_sample(opened: WritableDatabase) -> None:
    rows = OrderRows(opened.database, Clock())
    opened.write(order(1))
    rows.sample()
    opened.write(order(2))
    opened.stop()

    with pytest.raises(UnreadableError):
        rows.sample()
    opened.start()

    assert [row.id for row in rows.sample().rows or ()] == [2]


def test_an_order_counts_as_undecided_or_unsynced_until_a_sample_shows_otherwise(opened: WritableDatabase) -> None:
    rows = OrderRows(opened.database, Clock())
    opened.write(order(1, placement="placing") + order(2, revision=3, synced=2))

    seen = rows.sample()
    again = rows.sample()
    opened.write("UPDATE orders_order SET placement = 'live', synced_revision = revision;")
    closed = rows.sample()

    assert (seen.undecided, seen.unsynced) == (1, 1)
    assert again.undecided_age > 0
    assert (closed.undecided, closed.unsynced, closed.undecided_age) == (0, 0, 0)
    assert rows.unresolved_older_than(closed.at) == 0


def test_a_product_has_its_held_units_and_its_adjustments(opened: WritableDatabase) -> None:
    rows = ProductRows(opened.database, Clock())
    compact = RESERVATION.replace("-", "")
    opened.write(f"INSERT INTO inventory_reservation VALUES ('{compact}', 1, 2, 1);")

    seen = rows.sample()

    (product,) = seen.products
    (reservation,) = seen.reservations or []
    assert (product.price, product.stock, product.held, product.adjusted, product.reservations) == ("19.90", 7, 2, 9, 1)
    assert (reservation.id, reservation.quantity) == (RESERVATION, 2)
