"""What is said to products and what it answers: unknown fields are ignored, known ones are validated."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec

MAX_BATCH = 100
"""The most reservations that one call may carry."""

# Bounded as the contract bounds them, so that whatever is let in here also fits a column.
MAX_INTEGER = 2**31 - 1
MAX_PRICE = Decimal("99999999.99")
Id = Annotated[int, msgspec.Meta(ge=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Quantity = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Revision = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Item = TypeVar("Item")


class Outcome(StrEnum):
    """What products did with one item. A word that is not listed here makes the whole answer invalid."""

    HELD = "held"
    RELEASED = "released"
    INSUFFICIENT_STOCK = "insufficient-stock"
    PRODUCT_NOT_FOUND = "product-not-found"
    STALE_REVISION = "stale-revision"
    REVISION_CONFLICT = "revision-conflict"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    name: Name
    description: str
    price: Decimal
    stock_quantity: Quantity
    is_active: bool
    created_at: Moment
    updated_at: Moment

    def __post_init__(self) -> None:
        """Refuse a price that no sum may be made of."""
        _require_money(self.price)


class ReservationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The quantity that is to be reserved under this id, if the revision is newer than what products knows."""

    id: UUID
    product_id: int
    quantity: int
    revision: int


class ReservationResult(msgspec.Struct, frozen=True, kw_only=True):
    """
    What became of one request: the outcome, and the row as products has it now.

    `unit_price` and `product_name` are the snapshot of the first success; a reservation that is held has both.
    """

    id: UUID
    outcome: Outcome
    quantity: Quantity
    revision: Revision
    unit_price: Decimal | None
    product_name: Name | None

    def __post_init__(self) -> None:
        """Refuse a snapshot that no order can be made of."""
        if self.unit_price is not None:
            _require_money(self.unit_price)
        if self.outcome is Outcome.HELD and (self.unit_price is None or self.product_name is None):
            raise ValueError("held without a price and a name")

    def answers(self, request: ReservationRequest) -> bool:
        """
        Return whether this can be the answer to that request.

        A success must be the very success that was asked for and a refusal must have used up the revision; the other
        two outcomes tell about a row that has moved on and may carry anything.
        """
        if self.id != request.id:
            return False
        match self.outcome:
            case Outcome.HELD | Outcome.RELEASED:
                is_release = self.outcome is Outcome.RELEASED
                asked_for = (request.quantity, request.revision, request.quantity == 0)
                return (self.quantity, self.revision, is_release) == asked_for
            case Outcome.INSUFFICIENT_STOCK | Outcome.PRODUCT_NOT_FOUND:
                return self.revision == request.revision
            case Outcome.STALE_REVISION | Outcome.REVISION_CONFLICT:
                return True


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the listing that the audit compares with the orders."""

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
    """A product's books: what came in all, what is left of it and what reservations hold."""

    product_id: Id
    adjusted: int
    stock_quantity: Quantity
    reserved: Quantity

    @property
    def is_even(self) -> bool:
        """Whether nothing was lost and nothing was made up."""
        return self.adjusted == self.stock_quantity + self.reserved


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """One page of a listing; `next` is the address of the following one."""

    next: str | None
    results: list[Item]


class ReservationBatch(msgspec.Struct, frozen=True, kw_only=True):
    reservations: list[ReservationResult]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An RFC 9457 problem, as much of it as a log line needs."""

    type: str = "about:blank"
    detail: str = ""


def _require_money(amount: Decimal) -> None:
    if not amount.is_finite() or not 0 <= amount <= MAX_PRICE or amount != round(amount, 2):
        raise ValueError("not an amount of money")
