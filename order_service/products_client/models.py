"""Requests to products and its answers: unknown fields are ignored, known ones are validated."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec

MAX_BATCH = 100  # the most reservations that one call may carry

# The bounds of the contract, so that every accepted value fits its column.
MAX_INTEGER = 2**31 - 1
MAX_PRICE = Decimal("99999999.99")
Id = Annotated[int, msgspec.Meta(ge=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Quantity = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Sum = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]  # of units: released ones may exceed what may be held
Revision = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Item = TypeVar("Item")


class Outcome(StrEnum):
    """What products did with one item. An outcome that is not listed here makes the whole answer invalid."""

    HELD = "held"
    RELEASED = "released"
    INSUFFICIENT_STOCK = "insufficient-stock"
    PRODUCT_NOT_FOUND = "product-not-found"
    PRICE_CHANGED = "price-changed"
    STALE_REVISION = "stale-revision"
    REVISION_CONFLICT = "revision-conflict"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    name: Name
    description: str
    price: Decimal
    stock_quantity: Sum
    is_active: bool
    created_at: Moment
    updated_at: Moment

    def __post_init__(self) -> None:
        """Reject a price that is no amount of money."""
        _require_money(self.price)


class ReservationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The quantity to be reserved under this id, if the revision is newer than the one that products has."""

    id: UUID
    product_id: int
    quantity: int
    revision: int


class ReservationResult(msgspec.Struct, frozen=True, kw_only=True):
    """
    The outcome of one request, and the reservation as it is now.

    `unit_price` and `product_name` are the snapshot of the first success. A held reservation has both.
    `current_price` is what the product costs now, if that is why more units were refused.
    """

    id: UUID
    outcome: Outcome
    quantity: Quantity
    revision: Revision
    unit_price: Decimal | None
    product_name: Name | None
    current_price: Decimal | None = None  # versions before 0.2.0 do not send it

    def __post_init__(self) -> None:
        """Reject a snapshot that no order can have, and a refusal without its reason."""
        for price in (self.unit_price, self.current_price):
            if price is not None:
                _require_money(price)
        if self.outcome is Outcome.PRICE_CHANGED and self.current_price is None:
            raise ValueError("another price, which is not named")
        if self.outcome is Outcome.HELD and (self.unit_price is None or self.product_name is None):
            raise ValueError("held without a price and a name")

    def answers(self, request: ReservationRequest) -> bool:
        """
        Return whether this can be the answer to that request.

        A success has the requested quantity and revision, a refusal the requested revision. The other two outcomes
        describe a row that has changed since, and may have any.
        """
        if self.id != request.id:
            return False
        match self.outcome:
            case Outcome.HELD | Outcome.RELEASED:
                is_release = self.outcome is Outcome.RELEASED
                requested = (request.quantity, request.revision, request.quantity == 0)
                return (self.quantity, self.revision, is_release) == requested
            case Outcome.INSUFFICIENT_STOCK | Outcome.PRODUCT_NOT_FOUND | Outcome.PRICE_CHANGED:
                return self.revision == request.revision
            case Outcome.STALE_REVISION | Outcome.REVISION_CONFLICT:
                return True


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the list that the audit compares with the orders."""

    id: UUID
    product_id: int
    quantity: Quantity
    revision: Revision
    outcome: Outcome
    unit_price: Decimal | None
    product_name: Name | None
    created_at: Moment
    updated_at: Moment


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """A product's ledger: the sum of its adjustments, its stock, and what reservations hold."""

    product_id: Id
    adjusted: int
    stock_quantity: Sum
    reserved: Sum

    @property
    def is_balanced(self) -> bool:
        """Whether no unit was lost and none was invented."""
        return self.adjusted == self.stock_quantity + self.reserved


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """One page of a list. `next` is the URL of the following page."""

    next: str | None
    results: list[Item]


class ReservationBatch(msgspec.Struct, frozen=True, kw_only=True):
    reservations: list[ReservationResult]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of an RFC 9457 problem that a log line needs."""

    type: str = "about:blank"
    detail: str = ""


def _require_money(amount: Decimal) -> None:
    if not amount.is_finite() or not 0 <= amount <= MAX_PRICE or amount != round(amount, 2):
        raise ValueError("not an amount of money")
