"""What was refused long ago is deleted in both services, by the processes that run anyway."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from driver.shop import Shop, unique
from driver.waiting import eventually
from operations.metrics import scrape
from stack.stack import Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

LONG_AGO = "2026-01-01 00:00:00"
A_STEP = 30.0  # seconds within which both take their first step, on a busy machine too


def execute(database: Path, statement: str) -> list[tuple[int]]:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as connection:
        return connection.execute(statement).fetchall()


def deleted(stack: Stack, name: str) -> float:
    return scrape(stack.part("product_service").metrics_url, stack.part("reconciler").metrics_url).total(name)


def test_old_refusals_are_deleted_in_both_services() -> None:
    with Stack() as stack:
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        clerk, customer = shop.actor("staff", "clerk"), shop.actor("customer", f"customer-{uuid4()}")
        lamp = clerk.create_product(name=unique("Desk lamp"), stock_quantity=10).json()["id"]
        kept = customer.place_order(product_id=lamp, quantity=1).json()["id"]
        assert customer.place_order(product_id=lamp, quantity=11).status_code == 409
        orders, reservations = (
            (stack.data / "order_service.sqlite3", "orders_order"),
            (stack.data / "product_service.sqlite3", "inventory_reservation"),
        )
        for database, table in (orders, reservations):
            execute(database, f"UPDATE {table} SET created_at = '{LONG_AGO}', updated_at = '{LONG_AGO}'")  # noqa: S608

        for name in ("product_service", "reconciler"):
            stack.part(name).restart()

        for database, table in (orders, reservations):
            [(left,)] = eventually(
                lambda database=database, table=table: execute(database, f"SELECT count(*) FROM {table}"),  # type: ignore[misc] # noqa: S608 - bound defaults
                lambda rows: rows == [(1,)],
                within=A_STEP,
            )
            assert left == 1
        for name in ("reservations_deleted_total", "orders_deleted_total"):
            assert eventually(lambda name=name: deleted(stack, name), lambda number: number == 1, within=A_STEP)  # type: ignore[misc] # a bound default
        assert customer.get_order(kept).status_code == 200
        assert "no drift" in stack.order_service.run("audit_reservations")
        shop.close()
