"""Stock that was taken and not sold, or sold and not taken, shows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.contender import Account, Books
from bench.stores import SqliteStore, Tables


@pytest.fixture
def books(tmp_path: Path) -> Books:
    store = SqliteStore(name="made_up", folder=tmp_path, tables=Tables(command=[], folder=tmp_path, environment={}))
    with closing(sqlite3.connect(store.copy)) as connection:
        connection.executescript("CREATE TABLE orders (units int); CREATE TABLE products (units int)")
        connection.execute("INSERT INTO products VALUES (100)")
        connection.commit()
    return Books(
        orders=store,
        products=store,
        count_orders="SELECT count(*) FROM orders",
        units_ordered="SELECT sum(units) FROM orders",
        units_left="SELECT sum(units) FROM products",
    )


def write(books: Books, *statements: str) -> None:
    assert isinstance(books.orders, SqliteStore)
    with closing(sqlite3.connect(books.orders.copy)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_an_empty_shop_has_sold_nothing(books: Books) -> None:
    assert books.read() == Account(orders=0, ordered=0, left=100)


@pytest.mark.parametrize(
    ("statements", "error"),
    [
        (["INSERT INTO orders VALUES (2), (3)", "UPDATE products SET units = units - 5"], 0),
        (["INSERT INTO orders VALUES (2), (3)", "UPDATE products SET units = units - 3"], 2),
        (["INSERT INTO orders VALUES (2)", "UPDATE products SET units = units - 3"], -1),
        (["INSERT INTO orders VALUES (4)"], 4),
    ],
    ids=["right", "a lost update", "units that nobody has", "no stock taken at all"],
)
def test_units_ordered_must_be_units_taken(books: Books, statements: list[str], error: int) -> None:
    opening = books.read()

    write(books, *statements)

    assert books.read().error_since(opening) == error
