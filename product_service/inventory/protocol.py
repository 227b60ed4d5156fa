"""The reservations protocol: desired quantities and their outcomes."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices

LARGEST_BATCH = 100  # reservations in one call
LARGEST_QUANTITY = 2_147_483_647  # units; also the largest revision


class Outcome(TextChoices):
    """The outcome of a reservation's latest message. Data, not errors: all of them are answered with 200."""

    HELD = "held"
    RELEASED = "released"
    INSUFFICIENT_STOCK = "insufficient-stock"
    PRODUCT_NOT_FOUND = "product-not-found"
    PRICE_CHANGED = "price-changed"
    STALE_REVISION = "stale-revision"
    REVISION_CONFLICT = "revision-conflict"


# A message that changed nothing is not stored.
STORED_OUTCOMES = tuple(each for each in Outcome if each not in {Outcome.STALE_REVISION, Outcome.REVISION_CONFLICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """How many units of a product a caller wants to hold under an id, as of a revision that it counts up from 1."""

    id: UUID
    product_id: int
    quantity: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """
    The answer: the outcome, and what the reservation holds now, at its latest revision.

    `current_price` is the product's price at this answer, where the outcome is `price-changed`; None otherwise.
    """

    id: UUID
    outcome: Outcome
    quantity: int
    revision: int
    unit_price: Decimal | None
    product_name: str | None
    current_price: Decimal | None = None
