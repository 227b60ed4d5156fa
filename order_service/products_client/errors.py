"""
What may go wrong when products is asked, and what the caller knows then.

    ProductsError
    ├── NoAnswer               retryable or unknown: nothing is known; asking again later may help
    │   ├── ProductsUnavailable    a read had no usable answer; nothing can have changed
    │   └── OutcomeUnknown         the reservations were applied, or will be, or never will: repeat the same revision
    │                              or supersede it by a higher one, and never read it as a refusal
    └── FinalAnswer            final: asking the same again is answered the same
        ├── ProductNotFound        no such product, or none that is for sale
        ├── ReservationNotFound    nobody ever asked for this reservation
        ├── TooManyProducts        more products match than a caller could want to look through
        └── RequestRejected        a 4xx to a read: our request or our configuration is wrong

A refused reservation is not an error: it is an `Outcome` in a valid answer.
"""

from uuid import UUID


class ProductsError(Exception):
    """Everything that this package raises for what products, or the way to it, did."""


class NoAnswer(ProductsError):
    """
    Nothing usable came back.

    `status` is the last HTTP status that did come back, None if there was none; a 4xx here means that a person must
    look at our request or our configuration, because repeating it as it is cannot help.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ProductsUnavailable(NoAnswer):
    """A read had no usable answer, so nothing can have changed."""


class OutcomeUnknown(NoAnswer):
    """The reservations may have been applied, may yet be applied by a late message, or may never be."""


class FinalAnswer(ProductsError):
    """Products answered, and would answer the same again."""


class ProductNotFound(FinalAnswer):
    """No product of this id is for sale."""

    def __init__(self, product_id: int) -> None:
        super().__init__(f"product {product_id} was not found")
        self.product_id = product_id


class ReservationNotFound(FinalAnswer):
    """Nobody ever asked for this reservation."""

    def __init__(self, reservation_id: UUID) -> None:
        super().__init__(f"reservation {reservation_id} was not found")
        self.reservation_id = reservation_id


class TooManyProducts(FinalAnswer):
    """More products carry this name than the client is willing to page through."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"more than {limit} products match {name!r}")
        self.name = name
        self.limit = limit


class RequestRejected(FinalAnswer):
    """A read was answered by a 4xx that no caller can have meant."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
