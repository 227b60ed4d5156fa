"""Settling in a thread that waits for a lock of the test's connection."""

import time

import pytest
from django.db import connection

from inventory.protocol import Desired, Settled
from tests.world import settle_one

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def wait_for_a_waiter() -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("Nobody waits for this connection.")


def settle_elsewhere(desired: Desired) -> Settled:
    try:
        return settle_one(desired)
    finally:
        connection.close()
