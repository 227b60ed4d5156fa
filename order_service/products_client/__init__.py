"""The public interface of the products client. Its modules are private."""

from products_client.client import ProductsClient
from products_client.errors import (
    FinalAnswer,
    NoAnswer,
    OutcomeUnknown,
    ProductNotFound,
    ProductsError,
    ProductsUnavailable,
    RequestRejected,
    ReservationNotFound,
    TooManyProducts,
)
from products_client.models import (
    MAX_BATCH,
    Balance,
    Outcome,
    Product,
    Reservation,
    ReservationRequest,
    ReservationResult,
)
from products_client.sending import Attempt

__all__ = [
    "MAX_BATCH",
    "Attempt",
    "Balance",
    "FinalAnswer",
    "NoAnswer",
    "Outcome",
    "OutcomeUnknown",
    "Product",
    "ProductNotFound",
    "ProductsClient",
    "ProductsError",
    "ProductsUnavailable",
    "RequestRejected",
    "Reservation",
    "ReservationNotFound",
    "ReservationRequest",
    "ReservationResult",
    "TooManyProducts",
]
