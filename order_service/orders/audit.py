"""The audit: it compares the orders with product_service's reservations, and its stock with its ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from uuid import UUID

from orders import products
from orders.models import Order
from products_client import Outcome, Reservation, ReservationNotFound, ReservationRequest

PAGE = 1_000
"""Orders that are read at once."""


class DriftKind(StrEnum):
    """How the two services can disagree, and what caused it."""

    DIFFERENT = "different"
    """An acknowledged order and its reservation differ in quantity or revision: product_service was restored."""

    AHEAD = "ahead"
    """The reservation is at a later revision than its order: the orders were restored from a backup."""

    MISSING = "missing"
    """An acknowledged order has no reservation: product_service was restored from a backup."""

    ORPHAN = "orphan"
    """Units are held for an order that does not exist: the orders were restored from a backup."""

    STOCK = "stock"
    """The sum of adjustments is not stock plus reserved units: product_service's own ledger is wrong."""


@dataclass(frozen=True)
class Drift:
    """One disagreement, with the order and the reservation, as far as they exist."""

    kind: DriftKind
    description: str
    order: Order | None = None
    reservation: Reservation | None = None


def find_drift() -> Iterator[Drift]:
    """
    Yield every disagreement, in constant memory, while both services are running.

    An order that is undecided or unsynced is no drift: the reconciler will push it. A pair that disagrees is read
    again, because it may have changed while it was compared.

    :raises ProductsError: if product_service does not answer; what was yielded so far is true but not complete.
    """
    for reservation_id, order, reservation in _pairs():
        if _compare(order, reservation) and (drift := _compare(*_read_again(reservation_id))):
            yield drift
    for balance in products.client().iter_balances():
        if not balance.is_balanced:
            sums = f"{balance.adjusted} units adjusted, {balance.stock_quantity} in stock, {balance.reserved} reserved"
            yield Drift(DriftKind.STOCK, f"product {balance.product_id}: {sums}")


def repair(drift: Drift) -> bool:
    """
    Make the order's desired quantity due to be pushed, above every revision seen. The reconciler pushes it.

    :returns: whether there is an order, and it is unchanged since it was compared.
    """
    if drift.order is None:
        return False
    seen = drift.reservation.revision if drift.reservation else 0
    return Order.objects.push_again(drift.order, above=seen)


def release(drift: Drift) -> bool:
    """
    Release what is held for no order. A row is committed before its reservation, so its order will never appear.

    :returns: whether it was an orphan and is released.
    :raises OutcomeUnknown: if product_service does not answer; releasing again is harmless.
    """
    orphan = drift.reservation
    if drift.kind is not DriftKind.ORPHAN or orphan is None:
        return False
    nothing = ReservationRequest(id=orphan.id, product_id=orphan.product_id, quantity=0, revision=orphan.revision + 1)
    return products.client().put_reservations([nothing])[0].outcome is Outcome.RELEASED


def _pairs() -> Iterator[tuple[UUID, Order | None, Reservation | None]]:
    """Merge both lists, in order of the reservation's id."""
    reservations = ((row.id, row) for row in products.client().iter_reservations())
    orders = ((row.reservation_id, row) for row in _orders())
    merged: Iterable[tuple[UUID, Order | Reservation]] = merge(orders, reservations, key=lambda entry: entry[0].int)
    for reservation_id, entries in groupby(merged, key=lambda entry: entry[0]):
        order = reservation = None
        for _, row in entries:
            if isinstance(row, Order):
                order = row
            else:
                reservation = row
        yield reservation_id, order, reservation


def _orders() -> Iterator[Order]:
    """Yield all orders, page by page: a cursor of the server would be lost behind a pooler of transactions."""
    after = UUID(int=0)
    while page := list(Order.objects.filter(reservation_id__gt=after).order_by("reservation_id")[:PAGE]):
        yield from page
        after = page[-1].reservation_id


def _read_again(reservation_id: UUID) -> tuple[Order | None, Reservation | None]:
    """Read the reservation before the order, because an order is committed before its reservation is changed."""
    try:
        reservation = products.client().get_reservation(reservation_id)
    except ReservationNotFound:
        reservation = None
    return Order.objects.filter(reservation_id=reservation_id).first(), reservation


def _compare(order: Order | None, reservation: Reservation | None) -> Drift | None:
    if order is None:
        return _orphan(reservation) if reservation and reservation.quantity else None

    desired = f"order {order.pk} (reservation {order.reservation_id}): {order.desired_quantity} units desired"
    if reservation is None:
        return Drift(DriftKind.MISSING, f"{desired}, no reservation", order) if order.is_settled else None
    description = (
        f"{desired}, {reservation.quantity} held at revision {reservation.revision}, order at {order.revision}"
    )
    if reservation.revision > order.revision:
        return Drift(DriftKind.AHEAD, description, order, reservation)
    agrees = (reservation.quantity, reservation.revision) == (order.desired_quantity, order.revision)
    if agrees or not order.is_settled:
        return None
    return Drift(DriftKind.DIFFERENT, description, order, reservation)


def _orphan(reservation: Reservation) -> Drift:
    held = f"{reservation.quantity} units of product {reservation.product_id} are held for no order"
    return Drift(DriftKind.ORPHAN, f"reservation {reservation.id}: {held}", reservation=reservation)
