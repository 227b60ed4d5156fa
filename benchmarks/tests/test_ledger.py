"""Stock that was taken and not sold, or sold and not taken, shows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.contender import Account, Ledger
from bench.stores import SqliteStore, Tables


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    store = SqliteStore(name="made_up", folder=tmp_path, tables=Tables(command=[], folder=tmp_path, environment={}))
    with closing(sqlite3.connect(store.copy)) as connection:
        connection.executescript("CREATE TABLE orders (units int); CREATE TABLE products (units int)")
        connection.execute("INSERT INTO products VALUES (100)")
        connection.commit()
    return Ledger(
        orders=store,
        products=store,
        count_orders="SELECT count(*) FROM orders",
        units_ordered="SELECT sum(units) FROM orders",
        units_left="SELECT sum(units) FROM products",
    )


def write(ledger: Ledger, *statements: str) -> None:
    assert isinstance(ledger.orders, SqliteStore)
    with closing(sqlite3.connect(ledger.orders.copy)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_an_empty_shop_has_sold_nothing(ledger: Ledger) -> None:
    assert ledger.read() == Account(orders=0, ordered=0, left=100)


@pytest.mark.parametrize(
    ("statements", "error"),
    [
        (["INSERT INTO orders VALUES (2), (3)", "UPDATE products SET units = units - 5"], 0),
        (["INSERT INTO orders VALUES (2), (3)", "UPDATE products SET units = units - 3"], 2),
        (["INSERT INTO orders VALUES (2)", "UPDATE products SET units = units - 3"], -1),
        (["INSERT INTO orders VALUES (4)"], 4),
    ],
    ids=["balanced", "a lost update", "units taken and not ordered", "no stock taken at all"],
)
def test_units_ordered_must_be_units_taken(ledger: Ledger, statements: list[str], error: int) -> None:
    opening = ledger.read()

    write(ledger, *statements)

    assert ledger.read().error_since(opening) == error
