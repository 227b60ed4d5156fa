"""Reads the two databases directly, each in one snapshot."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

Row = tuple[Any, ...]


class UnreadableError(Exception):
    """The database does not answer at the moment."""


class Snapshot(Protocol):
    """One moment of a database."""

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]: ...

    def changed(self, columns: str, table: str) -> list[Row]:
        """Return these columns of the rows that have changed since the last snapshot for which this was called."""


class Database(Protocol):
    """A database that is read again and again."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """:raises UnreadableError: if it does not answer."""

    def close(self) -> None: ...


class PostgresDatabase:
    """A PostgreSQL server's database, over a connection that is replaced when it breaks."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Row] | None = None
        self._horizons: dict[str, int] = {}  # by table

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """:raises UnreadableError: if the server does not answer."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._url, connect_timeout=2, autocommit=False)
                self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                self._connection.read_only = True
            snapshot = _PostgresSnapshot(self._connection, self._horizons)
            yield snapshot
            self._connection.rollback()
            self._horizons |= snapshot.horizons  # only now: rows of a snapshot that failed count as not read
        except psycopg.OperationalError as error:
            self.close()
            raise UnreadableError(str(error)) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _PostgresSnapshot:
    def __init__(self, connection: psycopg.Connection[Row], since: Mapping[str, int]) -> None:
        self._connection = connection
        self._since = since
        self.horizons: dict[str, int] = {}

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        return self._connection.execute(statement, parameters).fetchall()

    def changed(self, columns: str, table: str) -> list[Row]:
        """
        Find the rows by the transaction that wrote them: one that had not ended when the last snapshot was taken.

        Transaction ids wrap around after two billion; no run has so many.
        """
        ((horizon,),) = self.rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        self.horizons[table] = horizon
        since = self._since.get(table, 0)
        return self.rows(f"SELECT {columns} FROM {table} WHERE xmin::text::bigint >= %s", [since])  # noqa: S608 - ours


class SqliteDatabase:
    """A SQLite file. What has changed is found by comparing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, dict[object, Row]] = {}

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """:raises UnreadableError: if the file is locked for long."""
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=2)) as connection:
                connection.execute("BEGIN")
                snapshot = _SqliteSnapshot(connection, self._seen)
                yield snapshot
                self._seen |= snapshot.tables  # only now: rows of a snapshot that failed count as not read
        except sqlite3.OperationalError as error:
            raise UnreadableError(str(error)) from error

    def close(self) -> None:
        """Nothing is kept open."""


class _SqliteSnapshot:
    def __init__(self, connection: sqlite3.Connection, before: Mapping[str, Mapping[object, Row]]) -> None:
        self._connection = connection
        self._before = before
        self.tables: dict[str, dict[object, Row]] = {}

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        return self._connection.execute(statement.replace("%s", "?"), parameters).fetchall()

    def changed(self, columns: str, table: str) -> list[Row]:
        before = self._before.get(table, {})
        rows = self.tables[table] = {row[0]: row for row in self.rows(f"SELECT {columns} FROM {table}")}  # noqa: S608 - ours
        return [row for key, row in rows.items() if before.get(key) != row]
