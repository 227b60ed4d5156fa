"""What must hold in both services once a scenario has ended, and the helpers that bring it there."""

import json
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from orders import audit, products
from orders.audit import Drift
from orders.models import Order
from orders.reconciler import reconcile_once
from products_client import ReservationRequest
from products_stand_in.api import FakeProductsApi
from service_kit.testing.log_lines import LogLines
from tests.factories import read


def reserve(order: Order | None = None, *, product_id: int | None = None, quantity: int = 2, revision: int = 1) -> None:
    """Reserve units behind order_service's back: for an order, or for none."""
    reservation_id = order.reservation_id if order else uuid4()
    product_id = product_id or (order.product_id if order else 1)
    item = ReservationRequest(id=reservation_id, product_id=product_id, quantity=quantity, revision=revision)
    products.client().put_reservations([item])


def sync_state(order: Order) -> tuple[int, int, bool]:
    """Return the revision, the acknowledged revision, and whether the reconciler has anything to do."""
    row = read(order)
    return row.revision, row.synced_revision, row.next_sync_at is not None


def reconcile() -> None:
    """Take the reconciler's steps until nothing is due now."""
    for _ in range(50):
        if not reconcile_once():
            return
    raise AssertionError("the reconciler finds something to do again and again")


def reconcile_later(seconds: float = 15) -> int:
    """Take the reconciler's steps as of some seconds from now."""
    return reconcile_once(now=timezone.now() + timedelta(seconds=seconds))


def requested(products: FakeProductsApi) -> list[tuple[int, int]]:
    """Return quantity and revision of every requested reservation, call by call and item by item."""
    return [
        (item["quantity"], item["revision"])
        for request in products.requests
        for item in json.loads(request.content)["reservations"]
    ]


def agrees(products: FakeProductsApi, product_id: int, *, adjusted: int = 10) -> bool:
    """Whether the ledger is balanced, every order has its desired quantity reserved, and nothing is left to do."""
    rows = list(Order.objects.filter(product_id=product_id))
    desired = {row.reservation_id: row.desired_quantity for row in rows}
    held = {key: row.quantity for key, row in products.reservations.items() if row.product_id == product_id}
    return (
        products.stock(product_id) + products.held(product_id) == adjusted
        and all(held.get(key, 0) == quantity for key, quantity in desired.items())
        and not any(quantity for key, quantity in held.items() if key not in desired)
        and all(row.is_settled and row.next_sync_at is None for row in rows)
    )


def find_drift() -> list[Drift]:
    return list(audit.find_drift())


def alerts(logged: LogLines) -> list[str]:
    """Return the messages that a person must act on."""
    return [line["event"] for line in logged if line["level"] == "error"]
