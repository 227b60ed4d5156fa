"""`make psql`: the database of one service of the shop that runs, to be read and written at a terminal."""

import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import NoReturn

from commands.found import Containers, find_shop
from stack.claim import Running
from stack.errors import StackError
from stack.registry import REGISTRY

SQLITE = "sqlite:///"


def open_database(*, data: Path, shop: str, service: str) -> NoReturn:
    """
    Become the database's own command line.

    :param shop: `local` or `containers`, if only that one is meant.
    :raises StackError: if no shop runs, or there is no such service or program.
    """
    if service not in REGISTRY:
        raise StackError(f"Say whose database: make psql SERVICE={next(iter(REGISTRY))}")
    found = find_shop(data, shop)
    command = _in_container(found, service) if isinstance(found, Containers) else _local(found, service)
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


def _in_container(containers: Containers, service: str) -> list[str]:
    terminal = ["--tty"] if sys.stdin.isatty() else []
    database = containers.one(REGISTRY[service].database)
    return ["docker", "exec", "--interactive", *terminal, database, "psql", "-U", service, "-d", service]


def _local(running: Running, service: str) -> list[str]:
    url = running.programs[service].environment["DATABASE_URL"]
    if not url.startswith(SQLITE):
        return ["psql", url]
    file = url.removeprefix(SQLITE)
    if shutil.which("sqlite3"):
        return ["sqlite3", file]
    if sys.version_info >= (3, 12):
        return [sys.executable, "-m", sqlite3.__name__, file]
    raise StackError(f"`make run` keeps this database in SQLite: {file}. Install sqlite3 to open it.")
