"""
The reconciler: whatever a crash, a lost answer or an outage left open, it closes, and it never gives up.

Any number of copies may run; a claimed row is due for another copy only when its lease ends, and every arrow is a
conditional UPDATE, so that doing something twice does no harm.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from orders import metrics
from orders.doubts import report_unknown
from orders.models import Order
from orders.states import Placement
from products_client import MAX_BATCH, Outcome, OutcomeUnknown, ProductsClient, ReservationRequest, ReservationResult
from service_kit.telemetry import tracing

log = structlog.get_logger(__name__)

FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(seconds=10)
"""Bounds of the back-off. Any wait, and the step after it, is over within 15 s of product_service answering again."""

KEYS_ARE_KEPT = timedelta(hours=72)


def reconcile_once(products: ProductsClient, *, now: datetime | None = None) -> int:
    """
    Take one step of each kind: decide what is in doubt, then push what is not acknowledged.

    :returns: how many orders were due.
    """
    decide_once(now=now)
    return push_once(products, now=now)


@transaction.atomic(durable=True)
def decide_once(*, now: datetime | None = None) -> int:
    """
    Give up the placings and increases whose drivers are late; what they took is due to be given back at once.

    Nothing is asked of product_service here, so that its silence never keeps an order in doubt.

    :returns: how many there were.
    """
    now = now or timezone.now()
    doubtful = Order.objects.due(now).undecided().select_for_update(skip_locked=True).order_by("next_sync_at")
    late = list(doubtful[:MAX_BATCH])
    placings = [order.pk for order in late if order.placement == Placement.PLACING]
    increases = [order for order in late if order.target_quantity is not None]
    if not late:
        return 0
    with tracing.span("give up what is in doubt", placings=len(placings), increases=len(increases)):
        if placings:
            Order.objects.abort(placings, now=now)
        for order in increases:
            Order.objects.drop_increase(order, now=now, seen=order.revision, held=None)
    metrics.GAVE_UP.labels("placing").inc(len(placings))
    metrics.GAVE_UP.labels("increase").inc(len(increases))
    log.warning(
        "gave up what was in doubt",
        placings=len(placings),
        increases=len(increases),
        order_ids=[order.pk for order in late],
    )
    return len(late)


def push_once(products: ProductsClient, *, now: datetime | None = None) -> int:
    """
    Push the desired quantities of orders that are due, and record the answers.

    :returns: how many were due.
    """
    claimed = _claim(now or timezone.now())
    if not claimed:
        return 0
    items = [
        ReservationRequest(
            id=order.reservation_id,
            product_id=order.product_id,
            quantity=order.desired_quantity,
            revision=order.revision,
        )
        for order in claimed
    ]
    with tracing.span("push desired quantities", orders=len(claimed)):
        try:
            results = products.put_reservations(items)
        except OutcomeUnknown as unknown:
            metrics.PUSHED.labels("unknown").inc(len(claimed))
            report_unknown(unknown, orders=len(claimed), order_ids=[order.pk for order in claimed])
        else:
            _record(claimed, results)
            log.info("pushed", orders=len(claimed), order_ids=[order.pk for order in claimed])
    return len(claimed)


@transaction.atomic(durable=True)
def _claim(now: datetime) -> Sequence[Order]:
    """Lease due rows to this copy, for as long as it is to wait before the next attempt."""
    rows = Order.objects.due(now).decided().select_for_update(skip_locked=True).order_by("next_sync_at")
    claimed = list(rows[:MAX_BATCH])
    for order in claimed:
        order.next_sync_at, order.attempts = now + _back_off(order.attempts), order.attempts + 1
    Order.objects.bulk_update(claimed, ["next_sync_at", "attempts"])
    return claimed


def _back_off(attempts: int) -> timedelta:
    """Wait longer after each attempt, by chance anywhere up to that, so that nothing comes in waves."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(attempts, 10)))
    return FIRST_WAIT + ceiling * random.random()  # noqa: S311 - spreads load, guards nothing


@transaction.atomic(durable=True)
def _record(orders: Sequence[Order], results: Sequence[ReservationResult]) -> None:
    for order, result in zip(orders, results, strict=True):
        _record_one(order, result)


def _record_one(order: Order, result: ReservationResult) -> None:
    """Synced is only what agrees in revision and quantity; anything else is pushed again, above what was seen."""
    agrees = (result.revision, result.quantity) == (order.revision, order.desired_quantity)
    if agrees and result.outcome is not Outcome.REVISION_CONFLICT:
        Order.objects.acknowledge(order)
        metrics.PUSHED.labels("acknowledged").inc()
        return
    metrics.PUSHED.labels("disagreed").inc()
    if Order.objects.raise_revision(order, above=result.revision):
        log.error(
            "product_service disagrees: was a database restored?",
            order_id=order.pk,
            outcome=result.outcome,
            desired=order.desired_quantity,
            reserved=result.quantity,
            revision=result.revision,
        )


def forget_old_keys(*, now: datetime | None = None) -> int:
    """Clear the idempotency keys that are older than 72 hours. Return how many were."""
    return Order.objects.forget_keys(before=(now or timezone.now()) - KEYS_ARE_KEPT)
