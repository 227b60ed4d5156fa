"""The stored rows of both services, to compare before and after."""

import sqlite3
from contextlib import closing

from stack.registry import SERVICES
from stack.stack import Stack


def stored_rows(stack: Stack) -> dict[str, list[str]]:
    """Return all rows of both databases of a stack on SQLite, as statements, by service; used-up ids are no rows."""
    rows = {}
    for service in SERVICES:
        with closing(sqlite3.connect(f"file:{stack.data / service}.sqlite3?mode=ro", uri=True)) as database:
            rows[service] = [line for line in database.iterdump() if "sqlite_sequence" not in line]
    return rows
