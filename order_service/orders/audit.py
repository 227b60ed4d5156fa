"""The audit: do the orders here and product_service's reservations and stock agree, seen from both sides?"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from typing import cast
from uuid import UUID

from django.utils import timezone

from orders.models import Order
from products_client import Outcome, ProductsClient, Reservation, ReservationNotFound, ReservationRequest


class DriftKind(StrEnum):
    """What can be wrong, and what it means."""

    DIFFERENT = "different"
    """An acknowledged order and its reservation differ in quantity or revision: product_service was restored."""

    AHEAD = "ahead"
    """The reservation is at a later revision than its order: the orders were restored from a backup."""

    MISSING = "missing"
    """An acknowledged order has no reservation: product_service was restored from a backup."""

    ORPHAN = "orphan"
    """Units are held for an order that does not exist: the orders were restored from a backup."""

    STOCK = "stock"
    """What was adjusted is not what is left and held together: product_service's own books are wrong."""


@dataclass(frozen=True)
class Drift:
    """One disagreement, with the rows that a repair starts from, as far as they exist."""

    kind: DriftKind
    what: str
    order: Order | None = None
    reservation: Reservation | None = None


def find_drift(products: ProductsClient) -> Iterator[Drift]:
    """
    Yield every disagreement, within constant memory, while both services go on working.

    What is on its way is no drift: the reconciler answers for it. What moved while it was compared is read again.

    :raises ProductsError: if product_service does not answer; what was yielded so far is true but not all.
    """
    for reservation_id, order, reservation in _side_by_side(products):
        if _compare(order, reservation) and (drift := _compare(*_read_again(products, reservation_id))):
            yield drift
    for row in products.iter_balances():
        if row.is_even:
            continue
        counted = f"{row.adjusted} units came in all, {row.stock_quantity} are left and {row.reserved} are held"
        yield Drift(DriftKind.STOCK, f"product {row.product_id}: {counted}")


def repair(drift: Drift) -> bool:
    """
    Have the order's desired quantity pushed once more, above every revision seen; the reconciler does the rest.

    :returns: whether there was an order to start from that still was as it was compared.
    """
    if drift.order is None:
        return False
    seen = drift.reservation.revision if drift.reservation else 0
    return Order.objects.push_again(drift.order, above=seen, now=timezone.now())


def release(products: ProductsClient, drift: Drift) -> bool:
    """
    Give back what is held for no order. A row is always there before its reservation is: there will never be one.

    :returns: whether it was an orphan and is released.
    :raises OutcomeUnknown: if product_service does not answer; releasing again is harmless.
    """
    orphan = drift.reservation
    if drift.kind is not DriftKind.ORPHAN or orphan is None:
        return False
    wish = ReservationRequest(id=orphan.id, product_id=orphan.product_id, quantity=0, revision=orphan.revision + 1)
    return products.put_reservations([wish])[0].outcome is Outcome.RELEASED


def _side_by_side(products: ProductsClient) -> Iterator[tuple[UUID, Order | None, Reservation | None]]:
    """Walk both lists in order of the reservation's id and pair what belongs together."""
    reservations = ((row.id, row) for row in products.iter_reservations())
    # Closed by us and not by chance, or PostgreSQL's cursor would be closed in the midst of somebody's transaction.
    with closing(cast("Generator[Order, None, None]", Order.objects.order_by("reservation_id").iterator())) as rows:
        orders = ((row.reservation_id, row) for row in rows)
        walk: Iterable[tuple[UUID, Order | Reservation]] = merge(orders, reservations, key=lambda entry: entry[0].int)
        for reservation_id, entries in groupby(walk, key=lambda entry: entry[0]):
            order = reservation = None
            for _, row in entries:
                if isinstance(row, Order):
                    order = row
                else:
                    reservation = row
            yield reservation_id, order, reservation


def _read_again(products: ProductsClient, reservation_id: UUID) -> tuple[Order | None, Reservation | None]:
    """Read the reservation before the order: an order is always there first and is released first."""
    try:
        reservation = products.get_reservation(reservation_id)
    except ReservationNotFound:
        reservation = None
    return Order.objects.filter(reservation_id=reservation_id).first(), reservation


def _compare(order: Order | None, reservation: Reservation | None) -> Drift | None:
    if order is None:
        return _orphan(reservation) if reservation and reservation.quantity else None

    what = f"order {order.pk} (reservation {order.reservation_id}): {order.desired_quantity} units desired"
    if reservation is None:
        return Drift(DriftKind.MISSING, f"{what}, no reservation", order) if order.is_settled else None
    seen = f"{reservation.quantity} held at revision {reservation.revision}, order at {order.revision}"
    if reservation.revision > order.revision:
        return Drift(DriftKind.AHEAD, f"{what}, {seen}", order, reservation)
    agrees = (reservation.quantity, reservation.revision) == (order.desired_quantity, order.revision)
    return (
        Drift(DriftKind.DIFFERENT, f"{what}, {seen}", order, reservation) if order.is_settled and not agrees else None
    )


def _orphan(reservation: Reservation) -> Drift:
    held = f"{reservation.quantity} units of product {reservation.product_id}"
    what = f"reservation {reservation.id}: {held} are held for no order"
    return Drift(DriftKind.ORPHAN, what, reservation=reservation)
