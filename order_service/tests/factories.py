"""Orders in every state, for tests: placed through the service, or stored as a process leaves them."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from orders import services
from orders.begin import STUCK_AFTER
from orders.drafts import Draft
from orders.errors import InsufficientStock
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.querysets import ABORT_AFTER
from orders.states import Placement, Status

ORDERS = "/api/v1/orders/"
CUSTOMER = "the customer"
STRANGER = "the stranger"
UNKNOWN_PRODUCT = 999_999_999
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DUE = ABORT_AFTER + timedelta(milliseconds=1)  # an age at which the reconciler decides; SQLite counts milliseconds
OVERDUE = timedelta(seconds=16)  # an age at which a reconciler that runs would have decided


def order_url(order: Order) -> str:
    return f"{ORDERS}{order.pk}/"


def read(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def only_order() -> Order:
    return Order.objects.get()


def place(product_id: int, quantity: int = 2, *, owner: str = CUSTOMER, key: str | None = None) -> Order:
    """Place an order through the service."""
    placed = services.place_order(owner=owner, product_id=product_id, quantity=quantity, idempotency_key=key)
    return read(placed.order)


def draft(product_id: int, quantity: int = 1, **changes: Any) -> Draft:
    """Return an order to be placed, with a deadline that no test reaches."""
    defaults = {"owner": CUSTOMER, "idempotency_key": None, "deadline": time.monotonic() + 10}
    return Draft(product_id=product_id, quantity=quantity, **defaults | changes)


def order_in(status: Status, product_id: int, quantity: int = 2) -> Order:
    """Place an order and change its status through the service."""
    order = place(product_id, quantity)
    for step in [Status.SHIPPED, status] if status == Status.DELIVERED else [status]:
        services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=step)
    return read(order)


def _store(**columns: Any) -> Order:
    quantity = columns.setdefault("quantity", 2)
    created_at = columns.setdefault("created_at", timezone.now())
    defaults = {"owner": CUSTOMER, "product_id": 1, "placed_quantity": quantity, "updated_at": created_at}
    return Order.objects.create(**defaults | columns)


def live_order(**columns: Any) -> Order:
    """Store an order as it is after its placement. product_service is not called."""
    created_at = columns.setdefault("created_at", timezone.now())
    snapshot = {"product_name": "Desk lamp", "unit_price": Decimal("19.90"), "placed_at": created_at}
    return _store(**{"placement": Placement.LIVE, "synced_revision": 1, **snapshot, **columns})


def placing_order(product_id: int, quantity: int = 2, *, age: timedelta = timedelta(0), **columns: Any) -> Order:
    """Store an order as a process leaves it that dies after it has inserted the row."""
    begun_at = timezone.now() - age
    times = {"created_at": begun_at, "next_sync_at": begun_at + ABORT_AFTER}
    return _store(**{"product_id": product_id, "quantity": quantity, **times, **columns})


def stuck_order(product_id: int, *, key: str, quantity: int = 2) -> Order:
    """Store an order being placed that is old enough to be resumed by its key."""
    return placing_order(product_id, quantity, age=STUCK_AFTER + timedelta(seconds=1), idempotency_key=key)


def increasing_order(product_id: int, *, quantity: int = 2, target: int = 5, age: timedelta = timedelta(0)) -> Order:
    """Place an order and leave it as a process does that dies after it has recorded an increase."""
    order = place(product_id, quantity)
    begun_at = timezone.now() - age
    assert Order.objects.begin_increase(order, increase=order.with_target(target), now=begun_at)
    return read(order)


def refused_order(product_id: int) -> Order:
    """Request more units than there can be. Return the refused order."""
    with pytest.raises(InsufficientStock):
        place(product_id, settings.ORDER_QUANTITY_MAX)
    return Order.objects.latest("pk")
