"""The databases that contenders start from, filled with the same products, and the copies that they run on."""

import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stack.environment import plain_environment
from stack.errors import StackError

from bench.server import DatabaseServer

STOCK = 1_000_000  # units of each product: no order is ever refused for lack of them

PRODUCTS = """
    INSERT INTO {table} (name, description, price, stock_quantity, is_active, created_at, updated_at)
    SELECT 'Product ' || lpad(n::text, 7, '0'), 'One of many.', 1 + n % 900 + 0.90, {stock}, true, at, at
    FROM (SELECT n, now() - n * interval '1 second' AS at FROM generate_series(1, {count}) AS n) AS made
"""
SQLITE_PRODUCTS = """
    WITH RECURSIVE made (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM made WHERE n < {count})
    INSERT INTO {table} (name, description, price, stock_quantity, is_active, created_at, updated_at)
    SELECT 'Product ' || printf('%07d', n), 'One of many.', 1 + n % 900 + 0.90, {stock}, true, at, at
    FROM (SELECT n, datetime('now', '-' || n || ' seconds') AS at FROM made)
"""


@dataclass(frozen=True)
class Tables:
    """
    How a contender's tables are made.

    :param command: makes them; `environment` comes on top of the usual one.
    :param products: the table of products, if they are here.
    :param statements: what else fills them.
    """

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    products: str = ""
    statements: Sequence[str] = ()

    def make(self) -> None:
        """
        Make the tables.

        :raises StackError: with what the command printed, if it failed.
        """
        done = subprocess.run(
            self.command,
            cwd=self.folder,
            env={**plain_environment(), **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StackError(f"Tables could not be made.\n{done.stdout}{done.stderr}")

    def fill(self, products: str, *, count: int) -> list[str]:
        """The statements that fill them, given the one for products."""
        first = [products.format(table=self.products, count=count, stock=STOCK)] if self.products else []
        return [*first, *self.statements]


@dataclass(frozen=True)
class PostgresStore:
    """A database of the server's as it is before the first order, and a copy of it to run on."""

    name: str
    server: DatabaseServer
    tables: Tables

    @property
    def copy(self) -> str:
        return copy_of(self.name)

    def make(self, *, products: int) -> None:
        """Make the original."""
        self.server.create(self.name)
        self.tables.make()
        with self.server.connect(self.name) as connection:
            for statement in self.tables.fill(PRODUCTS, count=products):
                connection.execute(statement.encode())
            connection.execute("VACUUM (ANALYZE, FREEZE)")

    def refresh(self) -> None:
        """Copy it anew."""
        self.server.create(self.copy, template=self.name)

    def number(self, statement: str) -> int:
        """The one number that a statement returns, on the copy."""
        return self.server.number(self.copy, statement)


@dataclass(frozen=True)
class SqliteStore:
    """The same in files."""

    name: str
    folder: Path
    tables: Tables

    @property
    def original(self) -> Path:
        return self.folder / f"{self.name}.sqlite3"

    @property
    def copy(self) -> Path:
        return self.folder / f"{copy_of(self.name)}.sqlite3"

    def make(self, *, products: int) -> None:
        self.tables.make()
        with closing(sqlite3.connect(self.original)) as connection:
            for statement in self.tables.fill(SQLITE_PRODUCTS, count=products):
                connection.execute(statement)
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def refresh(self) -> None:
        for left in self.folder.glob(f"{self.copy.name}*"):
            left.unlink()
        shutil.copy(self.original, self.copy)

    def number(self, statement: str) -> int:
        with closing(sqlite3.connect(self.copy)) as connection:
            row = connection.execute(statement).fetchone()
        return int(row[0] or 0)


Store = PostgresStore | SqliteStore


def copy_of(name: str) -> str:
    """The name of the copy that a contender runs on."""
    return f"{name}_run"
