"""What is repeated until product_service has acknowledged it."""

from datetime import timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from orders import catalogue
from orders.models import Order, Status

GIVEN_UP_AFTER = timedelta(seconds=10)  # no request takes so long
BATCH = 100


def unsynced() -> "QuerySet[Order]":
    return Order.objects.filter(revision__gt=F("synced_revision"))


def push(orders: "QuerySet[Order]") -> list[Order]:
    """
    Request what these orders should hold. Return those that were refused.

    :raises OutcomeUnknown: if there was no answer; it may be repeated.
    """
    refused: list[Order] = []
    while batch := list(orders.exclude(pk__in=[order.pk for order in refused]).order_by("pk")[:BATCH]):
        for order, result in zip(batch, catalogue.reserve(batch), strict=True):
            if (result.revision, result.quantity) == (order.revision, order.desired_quantity):
                Order.objects.filter(pk=order.pk).update(synced_revision=order.revision)
            else:
                refused.append(order)
    return refused


def release_units() -> None:
    """Give up what was never confirmed, and give back the units of orders that are over."""
    old = Order.objects.filter(status=Status.PLACING, created_at__lt=Now() - GIVEN_UP_AFTER)
    old.update(status=Status.FAILED, revision=2)
    push(unsynced().filter(status__in=[Status.CANCELED, Status.FAILED]))
