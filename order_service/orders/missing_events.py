"""Events for what processes of an earlier version did, which recorded none."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from orders.events import BY_SYSTEM, OrderEvent, placed_event
from orders.models import Order
from orders.states import EventKind, Status
from service_kit.database.clock import NOW

BATCH = 500


def record_missing_events() -> int:
    """
    Record what the rows of live orders say and their events do not. Return how many events were missing.

    May be repeated, and may run beside everything else.
    """
    recorded = last = 0
    while batch := list(_incomplete().filter(pk__gt=last).order_by("pk")[:BATCH].values_list("pk", flat=True)):
        for order_id in batch:
            recorded += _complete(order_id)
        last = batch[-1]
    return recorded


def _incomplete() -> QuerySet[Order]:
    """
    Select the orders whose last event is not what their row says, or that have none.

    Without those that did not change for so long that their events were deleted as old: the feed had them.
    """
    latest = OrderEvent.objects.filter(order=OuterRef("pk")).order_by("-pk")
    rows: QuerySet[Order] = Order.objects.live().annotate(
        last_status=Subquery(latest.values("status")[:1]), last_quantity=Subquery(latest.values("quantity")[:1])
    )
    if settings.EVENT_RETENTION_HOURS:
        rows = rows.filter(updated_at__gte=NOW - timedelta(hours=settings.EVENT_RETENTION_HOURS))
    return rows.filter(Q(last_status__isnull=True) | ~Q(last_status=F("status")) | ~Q(last_quantity=F("quantity")))


@transaction.atomic(durable=True)
def _complete(order_id: int) -> int:
    # Under its lock, no process changes the row and records that meanwhile.
    order = Order.objects.select_for_update().get(pk=order_id)
    last = order.events.order_by("pk").last()
    recorded = 0
    if last is None:
        last = placed_event(order, at=order.placed_at or order.created_at)
        last.quantity = order.placed_quantity
        last.save()
        recorded += 1
    if (last.status, last.quantity) == (order.status, order.quantity):
        return recorded
    kind = EventKind.QUANTITY_CHANGED if last.status == order.status else EventKind(Status(order.status).value)
    OrderEvent.objects.record(order, order, cause=BY_SYSTEM, kind=kind)
    return recorded + 1
