"""The states of an order, public and internal, the transitions between them, and the bounds of its numbers."""

from collections.abc import Mapping

from django.db.models import TextChoices

LARGEST_QUANTITY = 2**31 - 1


class Status(TextChoices):
    PENDING = "pending"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"


class EventKind(TextChoices):
    """The transitions of a live order that are recorded."""

    PLACED = "placed"
    QUANTITY_CHANGED = "quantity-changed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    EXPIRED = "expired"


class Placement(TextChoices):
    PLACING = "placing"
    LIVE = "live"
    FAILED = "failed"


class Failure(TextChoices):
    """Why an order was not placed: product_service refused it, or it was aborted."""

    INSUFFICIENT_STOCK = "insufficient-stock"
    PRODUCT_NOT_FOUND = "product-not-found"
    ABORTED = "aborted"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.SHIPPED, Status.CANCELED}),
    Status.SHIPPED: frozenset({Status.DELIVERED}),
    Status.DELIVERED: frozenset(),
    Status.CANCELED: frozenset(),
}


def is_allowed(origin: Status, goal: Status) -> bool:
    """Return whether an order may go from one status to another. It may always keep its status."""
    return origin == goal or goal in TRANSITIONS[origin]
