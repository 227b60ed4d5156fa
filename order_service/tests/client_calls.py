"""The two kinds of calls that tests of the products client make: a read and a write."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from products_client import (
    OutcomeUnknown,
    Product,
    ProductsClient,
    ProductsUnavailable,
    ReservationRequest,
    ReservationResult,
)

ONE = UUID("00000000-0000-4000-8000-000000000001")
TWO = UUID("00000000-0000-4000-8000-000000000002")
Call = Callable[..., Any]


def item(reservation_id: UUID = ONE, *, product: int = 1, quantity: int = 2, revision: int = 1) -> ReservationRequest:
    return ReservationRequest(id=reservation_id, product_id=product, quantity=quantity, revision=revision)


def read(client: ProductsClient, deadline: float | None = None) -> Product:
    return client.get_product(1, deadline=deadline)


def reserve(client: ProductsClient, deadline: float | None = None) -> list[ReservationResult]:
    return client.put_reservations([item()], deadline=deadline)


both_calls = pytest.mark.parametrize(("call", "error"), [(read, ProductsUnavailable), (reserve, OutcomeUnknown)])
