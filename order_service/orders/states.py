"""What an order may be: its states, the public ones and how far its placing came, and the bounds of its numbers."""

from collections.abc import Mapping

from django.db.models import TextChoices

LARGEST_QUANTITY = 2**31 - 1
LARGEST_PRODUCT_ID = 2**63 - 1


class Status(TextChoices):
    PENDING = "pending"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"


class Placement(TextChoices):
    PLACING = "placing"
    LIVE = "live"
    FAILED = "failed"


class Failure(TextChoices):
    """Why a placing failed: product_service refused it, or it was given up."""

    INSUFFICIENT_STOCK = "insufficient-stock"
    PRODUCT_NOT_FOUND = "product-not-found"
    ABORTED = "aborted"


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.SHIPPED, Status.CANCELED}),
    Status.SHIPPED: frozenset({Status.DELIVERED}),
    Status.DELIVERED: frozenset(),
    Status.CANCELED: frozenset(),
}


def may_move(origin: Status, goal: Status) -> bool:
    """Whether an order may go from one status to another; staying is always allowed."""
    return origin == goal or goal in MOVES[origin]
