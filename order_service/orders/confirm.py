"""Step 3 of order placement: record each outcome, if the row still is `placing`, and answer from the row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog
from django.db import transaction

from orders.drafts import Answer, Placed, answer_from_row
from orders.models import Order
from orders.states import Failure, Placement
from products_client import Outcome, ReservationResult

log = structlog.get_logger(__name__)

REFUSALS: Mapping[Outcome, Failure] = {
    Outcome.INSUFFICIENT_STOCK: Failure.INSUFFICIENT_STOCK,
    Outcome.PRODUCT_NOT_FOUND: Failure.PRODUCT_NOT_FOUND,
}

Outcomes = Sequence[tuple[Order, ReservationResult]]


def confirm(orders: Sequence[Order], results: Sequence[ReservationResult] | None) -> dict[UUID, Answer]:
    """
    Confirm, reject or abort orders that are being placed, and return the answer of each by reservation id.

    :param results: one for each order, or None if the outcome is unknown: then all orders are aborted.
    """
    if results is None:
        Order.objects.abort([order.pk for order in orders])
        return _answers_from_rows(orders)

    outcomes = list(zip(orders, results, strict=True))
    if any(result.outcome != Outcome.HELD for result in results):
        _record_each(outcomes)
    elif _make_live(outcomes) == len(orders):  # nearly always: one statement, and no row to read again
        return {order.reservation_id: Placed(order) for order in orders}
    return _answers_from_rows(orders)


@transaction.atomic(durable=True)
def _record_each(outcomes: Outcomes) -> None:
    """Record different outcomes in one transaction, so that the database flushes once."""
    by_outcome: dict[Outcome, list[tuple[Order, ReservationResult]]] = defaultdict(list)
    for order, result in outcomes:
        by_outcome[result.outcome].append((order, result))
    for outcome, same in by_outcome.items():
        if outcome == Outcome.HELD:
            _make_live(same)
        elif outcome in REFUSALS:
            Order.objects.reject([order.pk for order, _ in same], failure=REFUSALS[outcome])
        else:
            _abort_above(same)


def _make_live(outcomes: Outcomes) -> int:
    """Update the orders and their rows. Return how many rows still were `placing`; the others must be read again."""
    for order, result in outcomes:
        if result.unit_price is None or result.product_name is None:
            raise AssertionError("the client rejects an answer that holds units without a price and a name")
        order.product_name, order.unit_price = result.product_name, result.unit_price
        order.placement, order.synced_revision, order.next_sync_at = Placement.LIVE, 1, None
    return Order.objects.confirm([order for order, _ in outcomes])


def _abort_above(outcomes: Outcomes) -> None:
    """
    Abort placements that product_service knows at a later revision, or at ours with another content.

    Usually the reconciler aborted them first, and this changes nothing. If it does change a row, a database was
    restored from a backup (rule R7).
    """
    for order, result in outcomes:
        if Order.objects.abort([order.pk], above=max(1, result.revision)):
            log.error(
                "reservation is ahead of its order: was a database restored?",
                order_id=order.pk,
                outcome=result.outcome,
                revision=result.revision,
            )


def _answers_from_rows(orders: Sequence[Order]) -> dict[UUID, Answer]:
    """Read the rows again: another process may have decided, and then its decision is the answer."""
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    return {order.reservation_id: answer_from_row(order) for order in rows}
