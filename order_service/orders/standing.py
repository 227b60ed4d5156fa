"""How things stand: what waits for the reconciler and for how long, when it last did its work, what the audit found."""

import collections
from datetime import datetime

import structlog
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Gauge

from orders.audit import DriftKind, find_drift
from orders.models import Order
from orders.querysets import ABORT_AFTER, IN_DOUBT
from products_client import ProductsClient

log = structlog.get_logger(__name__)

IN_DOUBT_ORDERS = Gauge("orders_in_doubt", "Orders whose placing or increase is not decided yet.")
IN_DOUBT_AGE = Gauge(
    "orders_in_doubt_oldest_age_seconds", "Seconds since the oldest undecided placing or increase began; 0 for none."
)
UNSYNCED_ORDERS = Gauge("orders_unsynced", "Decided orders whose quantity product_service has yet to acknowledge.")
UNSYNCED_AGE = Gauge(
    "orders_unsynced_oldest_age_seconds", "Seconds since the oldest of them was changed by somebody; 0 for none."
)
LAST_STEP = Gauge(
    "reconciler_last_step_timestamp_seconds", "When a step of this kind last ended as it should.", ["step"]
)
DRIFTS = Gauge("orders_audit_drifts", "Disagreements with product_service that the last audit found.", ["kind"])
AUDITED_AT = Gauge("orders_audit_completed_timestamp_seconds", "When an audit last came to its end; 0 for never.")


def measure_backlog(*, now: datetime | None = None) -> int:
    """
    Look at how many orders wait, and for how long, in one query that reads no other orders.

    :returns: 0: there is nothing more to do at once.
    """
    now = now or timezone.now()
    seen = Order.objects.filter(next_sync_at__isnull=False).aggregate(
        in_doubt=Count("pk", filter=IN_DOUBT),
        first_due=Min("next_sync_at", filter=IN_DOUBT),
        unsynced=Count("pk", filter=~IN_DOUBT),
        first_changed=Min("updated_at", filter=~IN_DOUBT),
    )
    IN_DOUBT_ORDERS.set(seen["in_doubt"])
    # Whoever begins something has it due after ABORT_AFTER, and nobody moves that before it is decided.
    IN_DOUBT_AGE.set(_seconds(since=seen["first_due"] and seen["first_due"] - ABORT_AFTER, now=now))
    UNSYNCED_ORDERS.set(seen["unsynced"])
    UNSYNCED_AGE.set(_seconds(since=seen["first_changed"], now=now))
    return 0


def measure_drift(products: ProductsClient) -> None:
    """
    Audit everything once.

    :raises ProductsError: if product_service does not answer; what the last audit found stands.
    """
    found = collections.Counter(drift.kind for drift in find_drift(products))
    for kind in DriftKind:
        DRIFTS.labels(kind.value).set(found[kind])
    AUDITED_AT.set_to_current_time()
    if found:
        log.error("the audit found drift", **{kind.value: number for kind, number in found.items()})


def _seconds(*, since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
