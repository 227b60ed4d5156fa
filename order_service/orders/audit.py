"""The audit: it compares the orders with product_service's reservations, and its stock with its ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from heapq import merge
from itertools import groupby
from uuid import UUID

from orders import products
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Placement
from products_client import Outcome, Reservation, ReservationNotFound, ReservationRequest
from service_kit.database.clock import NOW

DECIDED_WITHIN = timedelta(seconds=5)  # after an order is due; a running reconciler needs one second
PAGE = 1_000  # orders that are read at once


class DriftKind(StrEnum):
    """How the two services can disagree, and what caused it."""

    PROMISED = "promised"  # units are held for an undecided change: the orders were restored, as of a moment under load
    DIFFERENT = "different"  # an acknowledged order and its reservation are not equal: product_service was restored
    AHEAD = "ahead"  # the reservation is at a later revision than its order: the orders were restored from a backup
    MISSING = "missing"  # an acknowledged order has no reservation: product_service was restored from a backup
    ORPHAN = "orphan"  # units are held for an order that does not exist: the orders were restored from a backup
    STOCK = "stock"  # the sum of adjustments is not stock plus reserved units: product_service's own ledger is wrong


@dataclass(frozen=True)
class Drift:
    """One disagreement, with the order and the reservation, as far as they exist."""

    kind: DriftKind
    description: str
    order: Order | None = None
    reservation: Reservation | None = None


def find_drift() -> Iterator[Drift]:
    """
    Yield every disagreement, in constant memory, while both services are running; promised orders first.

    An order that is undecided or unsynced is no drift: the reconciler will push it. A pair that disagrees is read
    again, because it may have changed while it was compared.

    :raises ProductsError: if product_service does not answer; what was yielded so far is true but not complete.
    """
    yield from _find_promised()
    for reservation_id, order, reservation in _pairs():
        if _compare(order, reservation) and (drift := _compare(*_read_again(reservation_id))):
            yield drift
    for balance in products.client().iter_balances():
        if not balance.is_balanced:
            sums = f"{balance.adjusted} units adjusted, {balance.stock_quantity} in stock, {balance.reserved} reserved"
            yield Drift(DriftKind.STOCK, f"product {balance.product_id}: {sums}")


def repair(drift: Drift) -> bool:
    """Make the order's desired quantity due above every revision seen. Return whether it was unchanged."""
    if drift.order is None:
        return False
    seen = drift.reservation.revision if drift.reservation else 0
    return Order.objects.push_again(drift.order, above=seen)


def confirm(drift: Drift) -> bool:
    """
    Finish a promised placement or increase, whose units are held, as the process that began it would have done.

    :returns: whether it was promised, and is still undecided. Its reservation may be ahead of it.
    """
    order, held = drift.order, drift.reservation
    if drift.kind is not DriftKind.PROMISED or order is None or held is None:
        return False
    if order.placement != Placement.PLACING:
        return Order.objects.finish_increase(order, status=order.state, cause=BY_SYSTEM)
    order.product_name, order.unit_price = held.product_name or "", held.unit_price
    return Order.objects.confirm([order]) == 1


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


def _find_promised() -> Iterator[Drift]:
    """
    Yield placements and increases that no reconciler decided in time, although their units are held.

    They went on after the backup: the customer got 201 or 200, if product_service could be reached.
    """
    for overdue in Order.objects.undecided().due(NOW - DECIDED_WITHIN):
        order, reservation = _read_again(overdue.reservation_id)
        if order and reservation and _is_promised(order, reservation):
            change = "placed" if order.placement == Placement.PLACING else "increased"
            description = (
                f"order {order.pk} (reservation {order.reservation_id}): {change} by {order.owner}, "
                f"to be decided by {order.next_sync_at:%Y-%m-%d %H:%M:%S} UTC, {reservation.quantity} units held"
            )
            yield Drift(DriftKind.PROMISED, description, order, reservation)


def _is_promised(order: Order, reservation: Reservation) -> bool:
    if order.placement == Placement.PLACING:
        return reservation.quantity > 0
    return order.target_quantity is not None and (
        (reservation.quantity, reservation.revision) == (order.target_quantity, order.revision)
    )


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

    if order.placement == Placement.PLACING:
        return None  # it is promised, or the reconciler will abort it
    desired = f"order {order.pk} (reservation {order.reservation_id}): {order.desired_quantity} units desired"
    if reservation is None:
        # product_service deletes old reservations that hold nothing.
        is_missing = order.is_settled and order.desired_quantity > 0
        return Drift(DriftKind.MISSING, f"{desired}, no reservation", order) if is_missing else None
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
