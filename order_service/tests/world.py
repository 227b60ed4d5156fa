"""What the tests' stories are made of: orders in every state, and the sums that must hold at the end."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.utils import timezone

from config import clients
from orders import services
from orders.errors import InsufficientStock
from orders.models import Order
from orders.placing import STUCK_AFTER
from orders.querysets import ABORT_AFTER
from orders.reconciler import reconcile_once
from orders.states import LARGEST_QUANTITY, Placement, Status
from service_kit.testing.log_lines import LogLines
from tests.fake_products_api import FakeProductsApi

ORDERS = "/api/v1/orders/"
CUSTOMER = "the customer"
STRANGER = "the stranger"
UNKNOWN_PRODUCT = 999_999_999
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
T = TypeVar("T")


def address(order: Order) -> str:
    return f"{ORDERS}{order.pk}/"


def place(product_id: int, quantity: int = 2, *, owner: str = CUSTOMER, key: str | None = None) -> Order:
    """Place an order, for real."""
    placed = services.place_order(owner=owner, product_id=product_id, quantity=quantity, idempotency_key=key)
    return read(placed.order)


def order_in(status: Status, product_id: int, quantity: int = 2) -> Order:
    """Place an order and move it to that status, by the way that leads there."""
    order = place(product_id, quantity)
    ways = {Status.SHIPPED: [Status.SHIPPED], Status.DELIVERED: [Status.SHIPPED, Status.DELIVERED]}
    for step in ways.get(status, [status]):
        services.change_order(order_id=order.pk, owner=None, status=step)
    return read(order)


def listed_order(**columns: Any) -> Order:
    """Store a live order as it is after its placing; products is not asked."""
    now = columns.pop("created_at", timezone.now())
    quantity = columns.pop("quantity", 2)
    return Order.objects.create(
        **{
            "owner": CUSTOMER,
            "product_id": 1,
            "product_name": "Desk lamp",
            "unit_price": Decimal("19.90"),
            "quantity": quantity,
            "placed_quantity": quantity,
            "placement": Placement.LIVE,
            "synced_revision": 1,
            "created_at": now,
            "updated_at": now,
            "placed_at": now,
            **columns,
        }
    )


def unfinished_order(product_id: int, quantity: int = 2, *, age: timedelta = timedelta(0), **columns: Any) -> Order:
    """Store an order as a process leaves it that dies after T1."""
    begun_at = timezone.now() - age
    return Order.objects.create(
        **{
            "owner": CUSTOMER,
            "product_id": product_id,
            "quantity": quantity,
            "placed_quantity": quantity,
            "created_at": begun_at,
            "updated_at": begun_at,
            "next_sync_at": begun_at + ABORT_AFTER,
            **columns,
        }
    )


def stuck_order(product_id: int, *, key: str, quantity: int = 2) -> Order:
    """Store an unfinished order that is old enough to be resumed by its key."""
    return unfinished_order(product_id, quantity, age=STUCK_AFTER + timedelta(seconds=1), idempotency_key=key)


def increasing_order(product_id: int, *, quantity: int = 2, target: int = 5, age: timedelta = timedelta(0)) -> Order:
    """Place an order and leave it as a process does that dies after asking for more."""
    order = place(product_id, quantity)
    begun_at = timezone.now() - age
    assert Order.objects.begin_increase(order, asked=order.asking_for(target), now=begun_at)
    return read(order)


def read(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def only_order() -> Order:
    return Order.objects.get()


def sync(order: Order) -> tuple[int, int, bool]:
    """Tell the revision, the acknowledged one, and whether the reconciler has anything to do."""
    row = read(order)
    return row.revision, row.synced_revision, row.next_sync_at is not None


def reconcile() -> None:
    """Take steps until nothing is due now."""
    for _ in range(50):
        if not reconcile_once(clients.products()):
            return
    raise AssertionError("the reconciler finds something to do again and again")


def reconcile_later(seconds: float = 15) -> int:
    """Take the step that is due by then."""
    return reconcile_once(clients.products(), now=timezone.now() + timedelta(seconds=seconds))


def asked(products: FakeProductsApi) -> list[tuple[int, int]]:
    """Tell what was asked for, call by call and item by item: quantity and revision."""
    return [
        (item["quantity"], item["revision"])
        for request in products.requests
        for item in json.loads(request.content)["reservations"]
    ]


def agrees(products: FakeProductsApi, product_id: int, *, delivered: int = 10) -> bool:
    """Whether what came is left or held, and what is held is what the orders want, and nothing is still to do."""
    rows = list(Order.objects.filter(product_id=product_id))
    wanted = {row.reservation_id: row.desired_quantity for row in rows}
    held = {key: row.quantity for key, row in products.reservations.items() if row.product_id == product_id}
    return (
        products.stock(product_id) + products.promised(product_id) == delivered
        and all(held.get(key, 0) == quantity for key, quantity in wanted.items())
        and not any(quantity for key, quantity in held.items() if key not in wanted)
        and all(row.is_settled and row.next_sync_at is None for row in rows)
    )


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run the jobs in threads that begin together, each on its own connection."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T:
        connection.ensure_connection()
        barrier.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def alerts(logged: LogLines) -> list[str]:
    """Tell the messages that a person must act on."""
    return [line["event"] for line in logged if line["level"] == "error"]


def be_refused(product_id: int) -> None:
    """Ask for more than there can be, and be refused."""
    with pytest.raises(InsufficientStock):
        place(product_id, LARGEST_QUANTITY)
