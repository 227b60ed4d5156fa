"""
Placing a group of orders: begin, reserve, confirm (docs/architecture.md, "The order protocol").

If the process dies between two steps, the rows stay `placing`: they are invisible, a repeated idempotency key resumes
them, and otherwise the reconciler aborts them and releases what product_service holds for them.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from orders import errors
from orders.begin import CONNECTION_ERRORS, begin
from orders.confirm import confirm
from orders.drafts import Answer, Draft
from orders.models import Order
from orders.request_ids import recorded_request_id
from orders.reserve import reserve
from service_kit.database.transactions import refuse_open_transaction

log = structlog.get_logger(__name__)


def place_group(drafts: Sequence[Draft]) -> list[Answer]:
    """
    Place orders together: one INSERT, one call and one UPDATE for all of them.

    Each statement commits by itself: without BEGIN and COMMIT there are two round trips less to the database.

    Each draft gets its own answer, in the order given; an error of one does not affect the others. If the database
    fails, rows may stay `placing`, which is why that answer is `OutcomeUnknown`.

    :raises RuntimeError: in an open transaction: nothing would be committed before product_service is called.
    """
    refuse_open_transaction()
    begun = begin(drafts)
    for draft, entry in zip(drafts, begun, strict=True):
        if isinstance(entry, Order):
            entry.request_id = recorded_request_id(draft.request_id)
    # Two requests that resume the same stuck key share a row, which is reserved once.
    orders = list({entry.reservation_id: entry for entry in begun if isinstance(entry, Order)}.values())
    answers = _reserve_and_confirm(orders, deadline=min(draft.deadline for draft in drafts)) if orders else {}
    return [answers[entry.reservation_id] if isinstance(entry, Order) else entry for entry in begun]


def _reserve_and_confirm(orders: Sequence[Order], *, deadline: float) -> Mapping[UUID, Answer]:
    results = reserve([(order, order.quantity) for order in orders], deadline=deadline)
    try:
        return confirm(orders, results)
    except CONNECTION_ERRORS as error:
        log.warning("database failed while placing", orders=len(orders), reason=str(error).strip())
        return {order.reservation_id: errors.OutcomeUnknown() for order in orders}
