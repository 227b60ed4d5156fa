"""
The reconciler: it closes whatever a crash, a lost answer or an outage left open, and never gives up.

Any number of instances may run. A claimed row is due again only when its lease ends, and every transition is one
conditional UPDATE, so that doing a step twice does no harm.
"""

import random
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from orders import metrics
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.reserve import reserve
from orders.states import EventKind, Placement, Status
from products_client import MAX_BATCH, Outcome, ReservationResult
from service_kit.database.clock import NOW, Instant
from service_kit.telemetry import tracing

log = structlog.get_logger(__name__)

FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(seconds=10)
"""Bounds of the back-off. Any wait and the step after it end within 15 s of product_service answering again."""

KEYS_ARE_KEPT = timedelta(hours=72)


def reconcile_once(*, now: Instant = NOW) -> int:
    """Decide undecided orders, then push unsynced ones. Return how many were due for a push."""
    decide_once(now=now)
    return push_once(now=now)


@transaction.atomic(durable=True)
def decide_once(*, now: Instant = NOW) -> int:
    """
    Abort the placements and increases that are due; what they may have taken is due to be released. Return how many.

    product_service is not called here, so that an outage never keeps an order undecided.
    """
    due = Order.objects.due(now).undecided().select_for_update(skip_locked=True).order_by("next_sync_at")
    undecided = list(due[:MAX_BATCH])
    if not undecided:
        return 0
    placements = [order.pk for order in undecided if order.placement == Placement.PLACING]
    increases = [order for order in undecided if order.target_quantity is not None]
    with tracing.span("give up undecided orders", placements=len(placements), increases=len(increases)):
        if placements:
            Order.objects.abort(placements)
        for order in increases:
            Order.objects.drop_increase(order, seen=order.revision, held=None)
    metrics.GAVE_UP.labels("placing").inc(len(placements))
    metrics.GAVE_UP.labels("increase").inc(len(increases))
    log.warning(
        "gave up undecided orders",
        placements=len(placements),
        increases=len(increases),
        order_ids=[order.pk for order in undecided],
    )
    return len(undecided)


def push_once(*, now: Instant = NOW) -> int:
    """Push the desired quantities of orders that are due, and record the results. Return how many were due."""
    claimed = _claim(now)
    if not claimed:
        return 0
    with tracing.span("push desired quantities", orders=len(claimed)):
        results = reserve([(order, order.desired_quantity) for order in claimed])
        if results is None:
            metrics.PUSHED.labels("unknown").inc(len(claimed))
        else:
            _record(claimed, results)
            log.info("pushed", orders=len(claimed), order_ids=[order.pk for order in claimed])
    return len(claimed)


@transaction.atomic(durable=True)
def _claim(now: Instant) -> Sequence[Order]:
    """Lease due rows to this instance until the time of the next attempt."""
    rows = Order.objects.due(now).decided().select_for_update(skip_locked=True).order_by("next_sync_at")
    claimed = list(rows[:MAX_BATCH])
    for order in claimed:
        order.next_sync_at, order.attempts = now + _back_off(order.attempts), order.attempts + 1
    Order.objects.bulk_update(claimed, ["next_sync_at", "attempts"])
    return claimed


def _back_off(attempts: int) -> timedelta:
    """Return a random wait whose bound doubles with each attempt: exponential back-off with full jitter."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(attempts, 10)))
    return FIRST_WAIT + ceiling * random.random()  # noqa: S311 - spreads load, guards nothing


@transaction.atomic(durable=True)
def _record(orders: Sequence[Order], results: Sequence[ReservationResult]) -> None:
    for order, result in zip(orders, results, strict=True):
        _record_one(order, result)


def _record_one(order: Order, result: ReservationResult) -> None:
    """Mark the order synced if revision and quantity agree (rule R5); push it again above the seen revision if not."""
    agrees = (result.revision, result.quantity) == (order.revision, order.desired_quantity)
    if agrees and result.outcome is not Outcome.REVISION_CONFLICT:
        Order.objects.acknowledge(order)
        metrics.PUSHED.labels("acknowledged").inc()
        return
    if not Order.objects.raise_revision(order, above=result.revision):
        metrics.PUSHED.labels("superseded").inc()  # an increase, or another push, of a later revision came first
    else:
        metrics.PUSHED.labels("disagreed").inc()
        log.error(
            "product_service disagrees: was a database restored?",
            order_id=order.pk,
            outcome=result.outcome,
            desired=order.desired_quantity,
            reserved=result.quantity,
            revision=result.revision,
        )


@transaction.atomic(durable=True)
def cancel_old_once() -> int:
    """
    Cancel pending orders older than `CANCEL_PENDING_AFTER`, the oldest first, and return how many.

    A row that somebody else changes at this moment is left to the next step.
    """
    old = Order.objects.pending_since(settings.CANCEL_PENDING_AFTER).select_for_update(skip_locked=True)
    canceled = [
        order.pk
        for order in old.order_by("created_at", "pk")[:MAX_BATCH]
        if Order.objects.settle(
            order, quantity=order.quantity, status=Status.CANCELED, cause=BY_SYSTEM, kind=EventKind.EXPIRED
        )
    ]
    metrics.CANCELED.inc(len(canceled))
    if canceled:
        log.info("canceled old pending orders", orders=len(canceled), order_ids=canceled)
    return len(canceled)


def forget_old_keys(*, now: Instant = NOW) -> int:
    """Clear the idempotency keys that are older than 72 hours. Return how many there were."""
    return Order.objects.forget_keys(after=KEYS_ARE_KEPT, now=now)
