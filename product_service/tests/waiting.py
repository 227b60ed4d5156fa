"""Settling in a thread that waits for a lock of the test's connection."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from inventory.protocol import Desired, Settled
from products.models import Product
from tests.world import settle_one

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def settle_during_an_edit(desired: Desired, **edited: object) -> Settled:
    """Edit the row of the product in another transaction, which commits when this message waits for its lock."""
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Product.objects.lock(desired.product_id)
            late = threads.submit(_settle_elsewhere, desired)
            _wait_for_a_waiter()  # it has read the old row
            Product.objects.filter(pk=desired.product_id).update(**edited)
        return late.result(timeout=10)


def _wait_for_a_waiter() -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("Nobody waits for this connection.")


def _settle_elsewhere(desired: Desired) -> Settled:
    try:
        return settle_one(desired)
    finally:
        connection.close()
