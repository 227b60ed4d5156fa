"""Step 1 of order placement: insert the rows as `placing`, before product_service is called (rule R1)."""

import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

from orders import errors
from orders.drafts import Answer, Draft, answer_from_row
from orders.models import Order
from orders.states import Placement

log = structlog.get_logger(__name__)

CONNECTION_ERRORS = (OperationalError, InterfaceError)
"""The database is unavailable, or a lock was not granted in time."""

STUCK_AFTER = timedelta(seconds=5)
"""How old a `placing` row must be before a request that repeats its idempotency key resumes it."""


def begin(drafts: Sequence[Draft]) -> list[Order | Answer]:
    """
    Insert all rows with one statement, or one by one if that fails, on another connection if this one is lost.

    Inserting a row again does no harm.

    :returns: for each draft, in order, the `placing` row to go on with, or its final answer.
    """
    try:
        return _insert(drafts)
    except Error as error:
        log.warning("database failed before placing", orders=len(drafts), reason=str(error).strip())
        if connection.connection is None:  # it cannot be made; each further try might wait as long
            return [errors.OutcomeUnknown() for _ in drafts]
        if not connection.is_usable():
            connection.close()
        return [_insert_alone(draft) for draft in drafts]


def _insert_alone(draft: Draft) -> Order | Answer:
    if time.monotonic() >= draft.deadline:
        return errors.OutcomeUnknown()
    try:
        return _insert([draft])[0]
    except CONNECTION_ERRORS:
        return errors.OutcomeUnknown()
    except Error as error:  # the database refuses this row only; its own request raises the error
        return error


def _insert(drafts: Sequence[Draft]) -> list[Order | Answer]:
    """Insert the rows. A draft whose idempotency key is taken is answered from the order that has the key."""
    rows = {draft.reservation_id: _row(draft) for draft in drafts}
    inserted = Order.objects.insert_placing(list(rows.values()), most_open=settings.ORDERS_OPEN_PER_OWNER_MAX)
    left_out = rows.keys() - inserted
    if not left_out:
        return list(rows.values())

    # A row with our own reservation id was inserted by an earlier commit whose confirmation was lost.
    ours = {row.reservation_id: row for row in Order.objects.filter(reservation_id__in=left_out)}
    begun = {reservation_id: rows[reservation_id] for reservation_id in inserted} | ours
    return [begun.get(draft.reservation_id) or _answer_left_out(draft) for draft in drafts]


def _row(draft: Draft) -> Order:
    return Order(
        owner=draft.owner,
        product_id=draft.product_id,
        quantity=draft.quantity,
        placed_quantity=draft.quantity,
        idempotency_key=draft.idempotency_key,
        reservation_id=draft.reservation_id,
    )


def _answer_left_out(draft: Draft) -> Order | Answer:
    """Answer a repeated idempotency key with the saved answer or a refusal, or return the stuck order to resume."""
    order = Order.objects.first_by_key(draft.owner, draft.idempotency_key)
    if order is None:
        return _refusal_without_order(draft)
    if not draft.matches(order):
        return errors.IdempotencyKeyReused()
    if order.placement != Placement.PLACING:
        return answer_from_row(order, replayed=True)
    is_stuck = Order.objects.filter(pk=order.pk).older_than(STUCK_AFTER).exists()
    return order if is_stuck else errors.IdempotencyInProgress()


def _refusal_without_order(draft: Draft) -> Answer:
    most_open = settings.ORDERS_OPEN_PER_OWNER_MAX
    if draft.idempotency_key is None or (most_open and Order.objects.has_open(draft.owner, most_open)):
        return errors.TooManyOpenOrders(most=most_open)
    # The order of this key was aborted after our INSERT: the next request with the key is a fresh attempt.
    return errors.IdempotencyInProgress()
