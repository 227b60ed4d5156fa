"""Deletes old orders that were never placed, in small transactions beside those that place others."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from orders import metrics
from orders.models import Order
from service_kit.database.clock import NOW, Instant

BATCH = 500


@transaction.atomic(durable=True)
def delete_failed_orders(*, now: Instant = NOW) -> int:
    """
    Delete orders that were refused or aborted longer ago than the retention. Return how many, at most 500.

    No message about them can be on its way any more (docs/architecture.md, "Retention"). Rows that somebody else has
    locked are left alone, so that this waits for nobody.
    """
    old = Order.objects.failed_for(timedelta(hours=settings.RETENTION_HOURS), now=now)
    ids = list(old.select_for_update(skip_locked=True).order_by("updated_at").values_list("pk", flat=True)[:BATCH])
    deleted = Order.objects.filter(pk__in=ids).delete()[0] if ids else 0
    metrics.DELETED.inc(deleted)
    return deleted
