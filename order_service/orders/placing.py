"""
Placing a group of orders: row before call, call, confirmation (docs/architecture.md, "The order protocol").

Crash between the steps, and the rows stay `placing`: never visible, resumed by their idempotency keys, or given up by
the reconciler, which gives back whatever product_service holds for them.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from config import clients
from orders import errors
from orders.doubts import report_unknown
from orders.ids import new_reservation_id
from orders.models import Order
from orders.querysets import ABORT_AFTER, Snapshot
from orders.states import Failure, Placement
from products_client import Outcome, OutcomeUnknown, ReservationRequest, ReservationResult

log = structlog.get_logger(__name__)

CALL_BUDGET = 2.5
"""Seconds that product_service has to answer, all tries together."""

CONNECTION_ERRORS = (OperationalError, InterfaceError)
"""The database is away, or a lock was not had in time."""

STUCK_AFTER = timedelta(seconds=5)
"""How old a placing must be for a repeat of its idempotency key to resume it."""


@dataclass(frozen=True)
class Draft:
    """An order that somebody wants placed. `deadline` is an instant of the monotonic clock."""

    owner: str
    product_id: int
    quantity: int
    idempotency_key: str | None
    deadline: float
    reservation_id: UUID = field(default_factory=new_reservation_id)
    request_id: str | None = field(default_factory=clients.request_id)

    def is_asked_by(self, order: Order) -> bool:
        """Whether an order was placed by a request with this very body."""
        return (order.product_id, order.placed_quantity) == (self.product_id, self.quantity)


@dataclass(frozen=True)
class Placed:
    """A live order; `replayed` says that an earlier request with the same key placed it."""

    order: Order
    replayed: bool = False


Answer = Placed | Exception


def place_group(drafts: Sequence[Draft]) -> list[Answer]:
    """
    Place orders together: one transaction, one call and one transaction for all of them.

    A transaction of one statement is not opened and closed: the database does that, and two ways to it are saved.

    Each draft gets an answer of its own, in the order given; what is wrong with one does not spoil another. Where the
    database fails, rows may stay `placing`, which is why that answer is `OutcomeUnknown`.

    :raises RuntimeError: in an open transaction: nothing would be committed before product_service is asked.
    """
    _refuse_open_transaction()
    begun = _begin_group(drafts)
    # Two repeats of one stuck key drive the same row: it is asked for once.
    driven = {entry.reservation_id: entry for entry in begun if isinstance(entry, Order)}
    answers: Mapping[UUID, Answer] = {}
    if driven:
        results = _ask(list(driven.values()), deadline=min(draft.deadline for draft in drafts))
        try:
            answers = _record(list(driven.values()), results)
        except CONNECTION_ERRORS as error:
            log.warning("database failed while placing", orders=len(driven), reason=str(error).strip())
            answers = {reservation_id: errors.OutcomeUnknown() for reservation_id in driven}
    return [answers[entry.reservation_id] if isinstance(entry, Order) else entry for entry in begun]


def _refuse_open_transaction() -> None:
    """Do what `atomic(durable=True)` does where no transaction of our own is needed, a test's around all excepted."""
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined] # noqa: SLF001
        raise RuntimeError("Orders cannot be placed in an open transaction.")


def _begin_group(drafts: Sequence[Draft]) -> list[Order | Answer]:
    """Begin all together, or each on its own if that fails: inserting a row again is harmless."""
    try:
        return _begin(drafts)
    except Error as error:
        log.warning("database failed before placing", orders=len(drafts), reason=str(error).strip())
        return [_begin_alone(draft) for draft in drafts]


def _begin_alone(draft: Draft) -> Order | Answer:
    if time.monotonic() >= draft.deadline:
        return errors.OutcomeUnknown()
    try:
        return _begin([draft])[0]
    except CONNECTION_ERRORS:
        return errors.OutcomeUnknown()
    except Error as error:  # this row alone is impossible, and its own thread says so
        return error


def _begin(drafts: Sequence[Draft]) -> list[Order | Answer]:
    """T1, one statement: insert the rows. What idempotency keys stand for already is looked up afterwards."""
    now = timezone.now()
    rows = {draft.reservation_id: _row(draft, now) for draft in drafts}
    inserted = Order.objects.insert_placing(list(rows.values()), now=now)
    for reservation_id, order_id in inserted.items():
        rows[reservation_id].pk = order_id
    others = rows.keys() - inserted.keys()
    if not others:
        return list(rows.values())

    # A row that is there already, under its own reservation, is that of a commit whose confirmation was lost.
    mine = {row.reservation_id: row for row in Order.objects.filter(reservation_id__in=others)}
    begun = {reservation_id: rows[reservation_id] for reservation_id in inserted} | mine
    return [begun.get(draft.reservation_id) or _answer_from_key(draft, now) for draft in drafts]


def _row(draft: Draft, now: datetime) -> Order:
    return Order(
        owner=draft.owner,
        product_id=draft.product_id,
        quantity=draft.quantity,
        placed_quantity=draft.quantity,
        idempotency_key=draft.idempotency_key,
        reservation_id=draft.reservation_id,
        created_at=now,
        updated_at=now,
        next_sync_at=now + ABORT_AFTER,
    )


def _answer_from_key(draft: Draft, now: datetime) -> Order | Answer:
    """Answer a repeated idempotency key: the saved answer, a refusal, or the stuck order, to be driven on."""
    order = Order.objects.first_by_key(draft.owner, draft.idempotency_key or "")
    if order is None:  # it was given up between our INSERT and this: the next repeat is a fresh attempt
        return errors.IdempotencyInProgress()
    if not draft.is_asked_by(order):
        return errors.IdempotencyKeyReused()
    if order.placement != Placement.PLACING:
        return _answer_from_row(order, replayed=True)
    if now - order.created_at < STUCK_AFTER:
        return errors.IdempotencyInProgress()
    return order


def _ask(orders: Sequence[Order], *, deadline: float) -> Mapping[UUID, ReservationResult] | None:
    """Have the units held; None when nobody can tell whether they are."""
    items = [
        ReservationRequest(id=order.reservation_id, product_id=order.product_id, quantity=order.quantity, revision=1)
        for order in orders
    ]
    try:
        results = clients.products().put_reservations(items, deadline=min(deadline, time.monotonic() + CALL_BUDGET))
    except OutcomeUnknown as unknown:
        report_unknown(unknown, orders=len(items), order_ids=[order.pk for order in orders])
        return None
    return {result.id: result for result in results}


def _record(orders: Sequence[Order], results: Mapping[UUID, ReservationResult] | None) -> dict[UUID, Answer]:
    """T3: record each outcome where the row is still `placing`, and answer from the rows as they are then."""
    now = timezone.now()
    if results is None:
        Order.objects.abort([order.pk for order in orders], now=now)
    elif all(result.outcome == Outcome.HELD for result in results.values()):  # nearly always, and one statement
        if _confirm(orders, results, now) == len(orders):
            return {
                order.reservation_id: Placed(_as_confirmed(order, results[order.reservation_id], now))
                for order in orders
            }
    else:
        _record_each(orders, results, now)
    return _answers_from_rows(orders)


@transaction.atomic(durable=True)
def _record_each(orders: Sequence[Order], results: Mapping[UUID, ReservationResult], now: datetime) -> None:
    """Record outcomes of several kinds, in one transaction: one flush, whatever became of whom."""
    by_outcome: dict[Outcome, list[Order]] = {}
    for order in orders:
        by_outcome.setdefault(results[order.reservation_id].outcome, []).append(order)
    for outcome, those in by_outcome.items():
        if outcome == Outcome.HELD:
            _confirm(those, results, now)
        elif outcome in REFUSALS:
            Order.objects.reject([order.pk for order in those], failure=REFUSALS[outcome], now=now)
        else:
            _give_up_above(those, results, now)


def _confirm(orders: Sequence[Order], results: Mapping[UUID, ReservationResult], now: datetime) -> int:
    return Order.objects.confirm([_snapshot(order, results[order.reservation_id]) for order in orders], now=now)


REFUSALS: Mapping[Outcome, Failure] = {
    Outcome.INSUFFICIENT_STOCK: Failure.INSUFFICIENT_STOCK,
    Outcome.PRODUCT_NOT_FOUND: Failure.PRODUCT_NOT_FOUND,
}


def _give_up_above(orders: Sequence[Order], results: Mapping[UUID, ReservationResult], now: datetime) -> None:
    """
    Give up placings that product_service knows at a later revision than ours.

    Mostly the reconciler was faster, and this changes nothing. If the row is as we left it, a database was restored.
    """
    for order in orders:
        result = results[order.reservation_id]
        if Order.objects.abort([order.pk], now=now, above=max(1, result.revision)):
            log.error(
                "reservation is ahead of its order: was a database restored?",
                order_id=order.pk,
                outcome=result.outcome,
                revision=result.revision,
            )


def _snapshot(order: Order, result: ReservationResult) -> Snapshot:
    if result.unit_price is None or result.product_name is None:
        raise AssertionError("the client refuses an answer that holds units without a price and a name")
    return Snapshot(order_id=order.pk, product_name=result.product_name, unit_price=result.unit_price)


def _as_confirmed(order: Order, result: ReservationResult, now: datetime) -> Order:
    snapshot = _snapshot(order, result)
    order.placement, order.product_name, order.unit_price = Placement.LIVE, snapshot.product_name, snapshot.unit_price
    order.synced_revision, order.next_sync_at, order.placed_at, order.updated_at = 1, None, now, now
    return order


def _answers_from_rows(orders: Sequence[Order]) -> dict[UUID, Answer]:
    """Read the rows again: somebody else may have decided, and then that is the answer."""
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    return {order.reservation_id: _answer_from_row(order) for order in rows}


def _answer_from_row(order: Order, *, replayed: bool = False) -> Answer:
    if order.placement == Placement.LIVE:
        return Placed(order, replayed=replayed)
    match order.failure:
        case Failure.INSUFFICIENT_STOCK:
            return errors.InsufficientStock(
                product_id=order.product_id, quantity=order.placed_quantity, replayed=replayed
            )
        case Failure.PRODUCT_NOT_FOUND:
            return errors.ProductNotFound(product_id=order.product_id, replayed=replayed)
        case Failure.ABORTED:
            return errors.OrderNotPlaced()
        case _:  # still `placing`: another driver of the same row has not decided yet
            return errors.OutcomeUnknown()
