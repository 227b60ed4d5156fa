"""The one PostgreSQL server that every contender uses, as durable as in production."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import psycopg
from psycopg import sql
from stack import postgres
from stack.errors import StackError
from stack.guard import Guard

from bench.processor import processor_seconds

SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "max_connections": "800",  # two shops run side by side when they are compared slice by slice
    # No checkpoint falls into a round by chance: one is made before each, so that all start alike.
    "checkpoint_timeout": "1h",
    "max_wal_size": "16GB",
    # How long statements take, for databases that ask for it (`watch`).
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "none",
    "pg_stat_statements.track_planning": "on",
}
PGSTAT_IO = 180000  # from this version on, flushes are counted in pg_stat_io


@dataclass(frozen=True)
class Counters:
    """What the server has counted since it started."""

    commits: int
    flushes: int


class DatabaseServer:
    """A private server in a temporary folder; it ends with the `with` block, whatever happens."""

    def __init__(self, guard: Guard, *, log: Path) -> None:
        self._cluster = postgres.private_cluster(guard)
        options = [option for name, value in SETTINGS.items() for option in ("-c", f"{name}={value}")]
        self.part = self._cluster.part("postgresql", log=log, guard=guard, options=options)

    def __enter__(self) -> Self:
        self._cluster.create([])
        self.part.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.part.stop()

    @property
    def folder(self) -> Path:
        """Where its socket lies."""
        return self._cluster.folder

    def processor_seconds(self) -> float:
        """The processor time that it has used so far."""
        first = psutil.Process(self.part.pid)
        return processor_seconds([first, *first.children(recursive=True)])

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.folder}&port={postgres.PORT}&user={postgres.ADMINISTRATOR}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.url(database), autocommit=True)

    def number(self, database: str, statement: str) -> int:
        """The one number that a statement returns."""
        with self.connect(database) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make the database anew."""
        with self.connect() as connection:
            name, origin = sql.Identifier(database), sql.Identifier(template)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(name, origin))

    def drop(self, database: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def rename(self, database: str, name: str) -> None:
        with self.connect() as connection:
            statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(name)))

    def watch(self, database: str) -> None:
        """Have the statements of new sessions in a database timed, from nought."""
        with self.connect() as connection:
            statement = sql.SQL("ALTER DATABASE {} SET pg_stat_statements.track = 'top'")
            connection.execute(statement.format(sql.Identifier(database)))
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def forget_statements(self) -> None:
        with self.connect() as connection:
            connection.execute("SELECT pg_stat_statements_reset()")

    def statement_ms(self, pattern: str) -> float:
        """
        The mean time of the statements that are LIKE a pattern, planning and execution, in milliseconds.

        :raises StackError: if there was none.
        """
        with self.connect() as connection:
            row = connection.execute(
                "SELECT sum(total_plan_time + total_exec_time) / sum(calls)"
                " FROM pg_stat_statements WHERE query LIKE %s",
                [pattern],
            ).fetchone()
        if row is None or row[0] is None:
            raise StackError(f"The server saw no statement like {pattern}.")
        return float(row[0])

    def checkpoint(self) -> None:
        """Write everything out, so that a round pays for its own writes only."""
        with self.connect() as connection:
            connection.execute("CHECKPOINT")

    def wal_position(self) -> int:
        """Bytes of write-ahead log ever written."""
        return self.number("postgres", "SELECT pg_current_wal_insert_lsn() - '0/0'")

    def counters(self, databases: Sequence[str]) -> Counters:
        """
        What was counted: commits in these databases, the rest in all of the server.

        Sessions report when they end: it is complete only when the contender has stopped.
        """
        with self.connect() as connection:
            flushes = (
                "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'"
                if connection.info.server_version >= PGSTAT_IO
                else "SELECT wal_sync FROM pg_stat_wal"
            )
            row = connection.execute(
                f"SELECT (SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = ANY(%s)), ({flushes})".encode(),
                [list(databases)],
            ).fetchone()
        if row is None:
            raise StackError("The server counts nothing.")
        return Counters(commits=int(row[0] or 0), flushes=int(row[1]))

    def version(self) -> str:
        with self.connect() as connection:
            parameter = connection.info.parameter_status("server_version") or "unknown"
        return re.split(r"\s", parameter)[0]
