"""PgBouncer in transaction mode, in front of the database of a test run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from service_kit.database.connections import connection_settings

PORT = 6432  # names the socket's file; nothing listens on a network
LONGEST_START = 10  # seconds


def find_pgbouncer() -> str:
    """Find the program, or skip the test; where CI=true, fail it."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        message = "PgBouncer was not found (apt-get install pgbouncer)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def pgbouncer(*, host: str, database: str, **settings: str) -> Iterator[Path]:
    """
    Run PgBouncer until the block ends, and yield the folder of its socket.

    :param host: the folder of the server's socket.
    :param settings: lines of its configuration, on top of the usual ones; `connect_query` is one of the database's.
    """
    program = find_pgbouncer()
    folder = Path(tempfile.mkdtemp(prefix="pgb-", dir="/tmp"))
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # PgBouncer refuses to run as root
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    query = settings.pop("connect_query", "")
    usual = {
        "pool_mode": "transaction",
        "listen_addr": "",
        "listen_port": str(PORT),
        "unix_socket_dir": str(folder),
        "auth_type": "any",
        "default_pool_size": "2",
    }
    lines = [
        "[databases]",
        f"{database} = host={host} user=postgres" + (f" connect_query='{query}'" if query else ""),
        "[pgbouncer]",
        *(f"{name} = {value}" for name, value in (usual | settings).items()),
    ]
    (folder / "pgbouncer.ini").write_text("\n".join(lines))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, str(folder / "pgbouncer.ini")],
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(folder / f".s.PGSQL.{PORT}", process, folder / "log")
        yield folder
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@contextmanager
def behind_pgbouncer() -> Iterator[None]:
    """Let the default connection of every thread lead through PgBouncer, as DATABASE_POOLER=transaction does."""
    settings: dict[str, Any] = connection.settings_dict
    usual = settings.copy()
    connection.close()
    with pgbouncer(host=usual["HOST"], database=usual["NAME"]) as folder:
        given = {"ENGINE": usual["ENGINE"], "OPTIONS": {}, "HOST": str(folder), "PORT": PORT}
        settings |= connection_settings(given, lock_timeout_ms=5000, statement_timeout_ms=0, pooler=True)
        try:
            yield
        finally:
            connection.close()
            settings |= usual | {"DISABLE_SERVER_SIDE_CURSORS": False}


def _wait_for(address: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + LONGEST_START
    while not _is_listening(address):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)


def _is_listening(address: Path) -> bool:
    """Whether connections are accepted there. The file of the socket is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0
