"""The call that reserves quantities at product_service for orders whose rows are committed already (rule R1)."""

import logging
from collections.abc import Sequence

import structlog

from orders import products
from orders.models import Order
from products_client import OutcomeUnknown, ReservationRequest, ReservationResult

log = structlog.get_logger(__name__)

CLIENT_ERRORS = range(400, 500)
"""Statuses that a retry cannot change: a person must correct our request, our token or the gateway."""


def reserve(requested: Sequence[tuple[Order, int]], *, deadline: float | None = None) -> list[ReservationResult] | None:
    """
    Request a quantity for each order, at the order's revision. May be repeated.

    :param deadline: an instant of the monotonic clock; the call never takes more than 2.5 s.
    :returns: the results in the same order, or None if the outcome is unknown.
    """
    items = [
        ReservationRequest(
            id=order.reservation_id, product_id=order.product_id, quantity=quantity, revision=order.revision
        )
        for order, quantity in requested
    ]
    try:
        return products.client().put_reservations(items, deadline=deadline)
    except OutcomeUnknown as unknown:
        # A warning if the system copes, an error if a person must act.
        level = logging.ERROR if unknown.status in CLIENT_ERRORS else logging.WARNING
        about = {"orders": len(items), "order_ids": [order.pk for order, _ in requested]}
        log.log(level, "outcome unknown", reason=str(unknown), status=unknown.status, **about)
        return None
