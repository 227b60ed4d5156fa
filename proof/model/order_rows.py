"""
order_service's row: every transition is one conditional UPDATE.

Each function returns the row after the update, or None if its condition no longer held (0 rows): then another process
decided, and the loser reads the row again and answers from it.
"""

from model.states import (
    NEVER_SYNCED,
    NO_TARGET,
    NOT_PLACED,
    REFUSED_STATUS,
    Item,
    Order,
    Outcome,
    Placement,
    Reply,
    Status,
)


def confirm(order: Order, *, revision: int) -> Order | None:
    """Held: the order becomes live, and its answer is saved for replays."""
    if (order.placement, order.revision) != (Placement.PLACING, revision):
        return None
    return order._replace(placement=Placement.LIVE, synced=revision, saved_answer=f"201 quantity {order.quantity}")


def reject(order: Order, *, revision: int, outcome: str) -> Order | None:
    """Refused: the revision is used up (R4), so that no late copy of the call can reserve anything."""
    if (order.placement, order.revision) != (Placement.PLACING, revision):
        return None
    return order._replace(
        placement=Placement.REJECTED, synced=revision, saved_answer=f"{REFUSED_STATUS[outcome]} {outcome}"
    )


def abort(order: Order, *, revision: int, above: int = 0) -> Order | None:
    """Unknown (R2): the attempt is over, and the next revision releases what it may have reserved."""
    if (order.placement, order.revision) != (Placement.PLACING, revision):
        return None
    return order._replace(placement=Placement.ABORTED, revision=max(revision, above) + 1)


def begin_increase(order: Order, *, to: int) -> Order | None:
    """R1, R2: record the target under a new revision, and promise nothing yet."""
    if not is_open(order) or order.target or to <= order.quantity:
        return None
    return order._replace(target=to, revision=order.revision + 1)


def finish_increase(order: Order, *, revision: int) -> Order | None:
    """R2: promise it now that it is held."""
    if not order.target or order.revision != revision:
        return None
    return order._replace(quantity=order.target, target=NO_TARGET, synced=revision)


def refuse_increase(order: Order, *, revision: int, reply: Reply) -> Order | None:
    """R4, R5: drop the target. An earlier decrease may not have arrived yet: then this revision is not synced."""
    if not order.target or order.revision != revision:
        return None
    if reply.quantity == order.desired_quantity:
        return order._replace(target=NO_TARGET, synced=revision)
    return order._replace(target=NO_TARGET, revision=revision + 1)


def revert_increase(order: Order, *, revision: int, above: int = 0) -> Order | None:
    """R2: an unknown increase rolls back, by a revision beyond the item one, due for a push."""
    if not order.target or order.revision != revision:
        return None
    return order._replace(target=NO_TARGET, revision=max(revision, above) + 1)


def decrease(order: Order, *, to: int) -> Order | None:
    """R3: promise less first; the reconciler releases the difference."""
    if not is_open(order) or order.target or to >= order.quantity:
        return None
    return order._replace(quantity=to, revision=order.revision + 1)


def cancel(order: Order) -> Order | None:
    """R3. A cancel, and only a cancel, supersedes an increase in flight, which then finds the revision changed."""
    if not is_open(order):
        return None
    return order._replace(status=Status.CANCELED, target=NO_TARGET, revision=order.revision + 1)


def ship(order: Order) -> Order | None:
    """R8: local, and never while an increase is in flight."""
    if not is_open(order) or order.target:
        return None
    return order._replace(status=Status.SHIPPED, parcel=order.quantity)


def record_push(order: Order, *, pushed: Item, reply: Reply) -> Order | None:
    """
    R5: synced only when the reply's quantity is the one desired; otherwise bump the revision and push again.

    R7: `stale-revision` or `revision-conflict` while the row's revision is still the one pushed means that a database
    was restored: continue above the reply's revision.
    """
    if order.revision != pushed.revision or order.target:
        return None
    if reply.quantity == order.desired_quantity and reply.outcome not in (Outcome.STALE, Outcome.CONFLICT):
        return order._replace(synced=pushed.revision)
    return order._replace(revision=max(pushed.revision, reply.revision) + 1)


def distrust(order: Order) -> Order | None:
    """The audit found drift: what the row calls synced is to be pushed again."""
    if not order.is_settled:
        return None
    return order._replace(synced=NEVER_SYNCED)


def is_open(order: Order) -> bool:
    return order.placement == Placement.LIVE and order.status == Status.PENDING


def answer_of(order: Order) -> str:
    """The answer to a placement: always what the row says, so that every request for it gets the same."""
    return NOT_PLACED if order.placement == Placement.ABORTED else order.saved_answer


def record_outcome(order: Order, *, item: Item, reply: Reply) -> Order | None:
    """Confirm, reject or abort, for each possible reply."""
    if reply.outcome == Outcome.HELD:
        return confirm(order, revision=item.revision)
    if reply.outcome in REFUSED_STATUS:
        return reject(order, revision=item.revision, outcome=reply.outcome)
    return abort(order, revision=item.revision, above=reply.revision)
