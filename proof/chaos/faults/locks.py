"""Sessions that hold locks in a database for a while, like a session at a database prompt."""

import random
import sqlite3
import time
from contextlib import closing, suppress

import psycopg

from chaos.planned import Planned
from chaos.shop import ShopUnderTest

STATEMENTS = {
    "product_service": (
        "SELECT id FROM products_product FOR UPDATE",
        "SELECT id FROM products_product ORDER BY random() LIMIT 3 FOR UPDATE",
        "SELECT id FROM inventory_reservation ORDER BY created_at DESC LIMIT 50 FOR UPDATE",
        "LOCK TABLE inventory_reservation IN SHARE MODE",
    ),
    "order_service": (
        "SELECT id FROM orders_order ORDER BY id DESC LIMIT 100 FOR UPDATE",
        "SELECT id FROM orders_order WHERE next_sync_at IS NOT NULL FOR UPDATE",
        "LOCK TABLE orders_order IN SHARE MODE",
    ),
}
GETS_IT_WITHIN = "SET lock_timeout = '2s'"


def hold_lock(shop: ShopUnderTest, fault: Planned, rng: random.Random) -> None:
    """Hold the locks of one statement while the fault lasts; on SQLite, the write lock."""
    service = fault.where.removesuffix("-database")
    if not shop.clusters:
        file = shop.data / f"{service}.sqlite3"
        # The file may be locked by others for two seconds.
        with (
            closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as connection,
            suppress(sqlite3.OperationalError),
        ):
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(fault.seconds)
            connection.execute("ROLLBACK")
        return
    url = shop.clusters[service].database_url(service)
    # The server may be down, stop, or have the rows locked by another session.
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=2) as connection:
        connection.execute(GETS_IT_WITHIN)
        connection.execute(rng.choice(STATEMENTS[service]))
        time.sleep(fault.seconds)
        connection.rollback()
