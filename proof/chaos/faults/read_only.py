"""A database that refuses writes for a while, as a replica does that clients were led to by a failover."""

import time
from collections.abc import Callable
from contextlib import suppress

import psycopg

from chaos.planned import Planned
from stack.errors import StackError
from stack.postgres import ADMINISTRATOR, Cluster

BACK_WITHIN = 25.0  # seconds
POLL_INTERVAL = 0.1
SETTING = "default_transaction_read_only"


def make_read_only(cluster: Cluster, fault: Planned, *, role: str, cut: Callable[[], object]) -> None:
    """
    Refuse writes while the fault lasts, in all sessions, or in those that begin meanwhile.

    In the second case connections are cut first, and the new sessions stay read-only when the fault is over, like
    connections to a server that is no longer the primary: whoever keeps them can never write again.

    :param role: whose sessions.
    :param cut: cuts the connections.
    """
    url = cluster.database_url(ADMINISTRATOR)
    whose = "SYSTEM" if fault.aim == "all" else f"ROLE {role}"
    try:
        with suppress(psycopg.OperationalError):  # the server may be stopped at this moment
            _execute(url, f"ALTER {whose} SET {SETTING} = on")
            if fault.aim != "all":
                cut()
            time.sleep(fault.seconds)
    finally:
        _until_done(url, f"ALTER {whose} RESET {SETTING}")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, connect_timeout=2, autocommit=True) as connection:
        for each in (f"SET {SETTING} = off", statement, "SELECT pg_reload_conf()"):
            connection.execute(each)


def _until_done(url: str, statement: str) -> None:
    """:raises StackError: if the server does not answer for long."""
    deadline = time.monotonic() + BACK_WITHIN
    while True:
        try:
            _execute(url, statement)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise StackError(f"The database stays read-only: {error}") from error
            time.sleep(POLL_INTERVAL)
        else:
            return
