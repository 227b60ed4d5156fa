"""The rules of the fake products API: what a reservation does to stock, and the bodies of answers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Annotated, Any
from uuid import UUID

import httpx
import msgspec

from products_client import Outcome

Units = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_ticks = count(1)


def _tick() -> str:
    """Return an instant later than all instants returned before."""
    return (_EPOCH + timedelta(milliseconds=next(_ticks))).isoformat().replace("+00:00", "Z")


class Desired(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID
    product_id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    quantity: Units
    revision: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class Product(msgspec.Struct, kw_only=True):
    id: int
    name: str
    price: str
    stock: int = msgspec.field(name="stock_quantity")
    adjusted: int
    is_active: bool
    description: str = ""
    external_reference: str | None = None
    created_at: str = msgspec.field(default_factory=_tick)
    updated_at: str = msgspec.field(default_factory=_tick)


class Reservation(msgspec.Struct, kw_only=True):
    id: UUID
    product_id: int
    quantity: int = 0
    revision: int = 0
    requested_quantity: int = 0
    outcome: Outcome = Outcome.RELEASED
    unit_price: str | None = None
    product_name: str | None = None
    created_at: str = msgspec.field(default_factory=_tick)
    updated_at: str = msgspec.field(default_factory=_tick)

    def settle(self, desired: Desired, product: Product | None) -> Outcome:
        """Apply a desired quantity if its revision is new, and return the outcome."""
        if desired.revision < self.revision:
            return Outcome.STALE_REVISION
        if desired.product_id != self.product_id:
            return Outcome.REVISION_CONFLICT
        if desired.revision == self.revision:
            return self.outcome if desired.quantity == self.requested_quantity else Outcome.REVISION_CONFLICT
        self.revision, self.requested_quantity = desired.revision, desired.quantity
        self.outcome = self._move(desired.quantity - self.quantity, product)
        return self.outcome

    def _move(self, more: int, product: Product | None) -> Outcome:
        if more > 0:
            if product is None or not product.is_active:
                return Outcome.PRODUCT_NOT_FOUND
            if self.quantity and product.price != self.unit_price:
                return Outcome.PRICE_CHANGED
            if more > product.stock:
                return Outcome.INSUFFICIENT_STOCK
            self.unit_price = self.unit_price or product.price
            self.product_name = self.product_name or product.name
        if product is not None:
            product.stock -= more
        self.quantity += more
        return Outcome.HELD if self.quantity else Outcome.RELEASED


class Problem(Exception):
    """A refusal, in the shape of RFC 9457."""

    def __init__(self, status: int, slug: str, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(slug)
        self.status, self.slug, self.errors = status, slug, errors

    def response(self, request: httpx.Request) -> httpx.Response:
        body = {
            "type": f"/problems/{self.slug}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": f"The fake answers {self.status}.",
            "instance": request.url.path,
            "errors": list(self.errors),
        }
        content = msgspec.json.encode(body)
        return httpx.Response(self.status, content=content, headers={"Content-Type": "application/problem+json"})


class Invalid(Problem):
    """A 400 that names what is wrong."""

    def __init__(self, pointer: str, code: str, detail: str) -> None:
        super().__init__(400, "invalid-request", [{"pointer": pointer, "code": code, "detail": detail}])


def show_product(product: Product) -> dict[str, Any]:
    return _shown(product, without={"adjusted"})


def show_balance(product: Product, held: int) -> dict[str, Any]:
    return {"product_id": product.id, "adjusted": product.adjusted, "stock_quantity": product.stock, "reserved": held}


def show_reservation(row: Reservation) -> dict[str, Any]:
    return _shown(row, without={"requested_quantity"})


def show_settled(row: Reservation, outcome: Outcome, product: Product | None) -> dict[str, Any]:
    current = product.price if product is not None and outcome is Outcome.PRICE_CHANGED else None
    held = _shown(row, without={"requested_quantity", "product_id", "created_at", "updated_at"})
    return {**held, "outcome": outcome, "current_price": current}


def _shown(row: msgspec.Struct, *, without: set[str]) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(row).items() if name not in without}
