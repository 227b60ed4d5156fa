"""
The errors of calls to products, and what the caller knows after each.

    ProductsError
    ├── NoAnswer               retryable: nothing is known; a later call may succeed
    │   ├── ProductsUnavailable    a read had no usable answer; nothing can have changed
    │   └── OutcomeUnknown         the reservations were applied, or will be, or never will: repeat the same revision
    │                              or supersede it by a higher one, and never read it as a refusal
    └── FinalAnswer            final: the same call would be answered the same
        ├── ProductNotFound        no such product, or none that is for sale
        ├── ReservationNotFound    this reservation was never requested
        ├── TooManyProducts        more products match than the client reads
        └── RequestRejected        a 4xx to a read: our request or our configuration is wrong

A refused reservation is not an error: it is an `Outcome` in a valid answer.
"""

from uuid import UUID


class ProductsError(Exception):
    """The root of the errors that products, or the network, can cause."""


class NoAnswer(ProductsError):
    """
    There was no usable answer.

    `status` is the last HTTP status, None without any. A 4xx needs a person, not a retry.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ProductsUnavailable(NoAnswer):
    """A read had no usable answer, so nothing can have changed."""


class OutcomeUnknown(NoAnswer):
    """The reservations may have been applied, may yet be applied by a late message, or may never be."""


class FinalAnswer(ProductsError):
    """Products answered, and would answer the same call the same."""


class ProductNotFound(FinalAnswer):
    def __init__(self, product_id: int) -> None:
        super().__init__(f"product {product_id} was not found")
        self.product_id = product_id


class ReservationNotFound(FinalAnswer):
    def __init__(self, reservation_id: UUID) -> None:
        super().__init__(f"reservation {reservation_id} was not found")


class TooManyProducts(FinalAnswer):
    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"more than {limit} products match {name!r}")


class RequestRejected(FinalAnswer):
    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
