"""The rules of the fake products API: what a reservation does to stock, and the bodies of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(kw_only=True)
class Product:
    id: int
    name: str
    price: str
    stock: int
    adjusted: int
    is_active: bool
    created_at: str = field(default_factory=_tick)


@dataclass(kw_only=True)
class Reservation:
    id: UUID
    product_id: int
    quantity: int = 0
    revision: int = 0
    requested_quantity: int = 0
    outcome: Outcome = Outcome.RELEASED
    unit_price: str | None = None
    product_name: str | None = None
    created_at: str = field(default_factory=_tick)

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


def duplicate_ids(desired: Sequence[Desired]) -> bool:
    return len({item.id for item in desired}) < len(desired)


def show_product(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "description": "",
        "price": product.price,
        "stock_quantity": product.stock,
        "is_active": product.is_active,
        "external_reference": None,
        "created_at": product.created_at,
        "updated_at": product.created_at,
    }


def show_balance(product: Product, reserved: int) -> dict[str, Any]:
    return {
        "product_id": product.id,
        "adjusted": product.adjusted,
        "stock_quantity": product.stock,
        "reserved": reserved,
    }


def show_settled(row: Reservation, outcome: Outcome, product: Product | None) -> dict[str, Any]:
    current = product.price if product is not None and outcome is Outcome.PRICE_CHANGED else None
    return {**_show_held(row, outcome), "current_price": current}


def _show_held(row: Reservation, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "outcome": outcome,
        "quantity": row.quantity,
        "revision": row.revision,
        "unit_price": row.unit_price,
        "product_name": row.product_name,
    }


def show_reservation(row: Reservation) -> dict[str, Any]:
    return {
        **_show_held(row, row.outcome),
        "product_id": row.product_id,
        "created_at": row.created_at,
        "updated_at": row.created_at,
    }
