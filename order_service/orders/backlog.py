"""The reconciler's backlog, the time of its last steps and the result of the last audit, as metrics."""

import collections
from datetime import datetime

import structlog
from django.db.models import Count, Max, Min
from prometheus_client import Gauge

from orders.audit import DriftKind, find_drift
from orders.events import OrderEvent
from orders.models import Order
from orders.querysets import ABORT_AFTER
from orders.reads import UNDECIDED
from service_kit.database.clock import NOW, Instant

log = structlog.get_logger(__name__)

UNDECIDED_ORDERS = Gauge("orders_in_doubt", "Undecided orders, those in progress now included.")
UNDECIDED_AGE = Gauge(
    "orders_in_doubt_oldest_age_seconds",
    "Seconds since the oldest undecided placement or increase began; at most 11 are promised; 0 without any.",
)
UNSYNCED_ORDERS = Gauge("orders_unsynced", "Decided orders whose quantity product_service has not acknowledged.")
UNSYNCED_AGE = Gauge(
    "orders_unsynced_oldest_age_seconds", "Seconds since the oldest unsynced order was changed; 0 without any."
)
HELD_BACK_AGE = Gauge(
    "order_events_held_back_seconds",
    "Seconds since the oldest event that the feed holds back, until earlier transactions of the server are over.",
)
LAST_STEP = Gauge("reconciler_last_step_timestamp_seconds", "When a step of this kind last succeeded.", ["step"])
DRIFTS = Gauge("orders_audit_drifts", "Disagreements with product_service that the last audit found.", ["kind"])
AUDITED_AT = Gauge("orders_audit_completed_timestamp_seconds", "When an audit was last completed; 0 for never.")


def measure_backlog(*, now: Instant = NOW) -> int:
    """Measure what waits for the reconciler or in the feed, and for how long. Return 0: there is no more to do."""
    backlog = Order.objects.filter(next_sync_at__isnull=False).aggregate(
        undecided=Count("pk", filter=UNDECIDED),
        first_due=Min("next_sync_at", filter=UNDECIDED),
        unsynced=Count("pk", filter=~UNDECIDED),
        first_changed=Min("updated_at", filter=~UNDECIDED),
        now=Max(now),
    )
    UNDECIDED_ORDERS.set(backlog["undecided"])
    # An undecided order is due ABORT_AFTER its begin, and that time never moves.
    UNDECIDED_AGE.set(_seconds(since=backlog["first_due"] and backlog["first_due"] - ABORT_AFTER, now=backlog["now"]))
    UNSYNCED_ORDERS.set(backlog["unsynced"])
    UNSYNCED_AGE.set(_seconds(since=backlog["first_changed"], now=backlog["now"]))
    held_back = OrderEvent.objects.held_back().aggregate(since=Min("at"), now=Max(now))
    HELD_BACK_AGE.set(_seconds(since=held_back["since"], now=held_back["now"]))
    return 0


def measure_drift() -> None:
    """Audit all orders and products once; raise ProductsError, and keep the last result, without an answer."""
    found = collections.Counter(drift.kind for drift in find_drift())
    for kind in DriftKind:
        DRIFTS.labels(kind.value).set(found[kind])
    AUDITED_AT.set_to_current_time()
    if found:
        log.error("the audit found drift", **{kind.value: number for kind, number in found.items()})


def _seconds(*, since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
