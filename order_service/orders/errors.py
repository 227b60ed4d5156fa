"""
The errors of orders. Each says whether the request took effect.

    OrdersError
    +-- Refused                    final; nothing changed, and the same request is refused again
    |   +-- OrderNotFound          no such order, or none that the caller may see
    |   +-- InsufficientStock      product_service has fewer units than requested
    |   +-- TooManyOpenOrders      the owner has as many pending orders as one may have: nothing was begun
    |   +-- QuantityTooLarge       the order would have more units than one order may have
    |   +-- ProductNotFound        product_service does not sell such a product
    |   +-- PriceChanged           the product's price is no longer that of the order: no more units at the old one
    |   +-- InvalidTransition      the order's status does not allow the change
    |   +-- OrderChanged           the order is no longer the one that the caller read
    |   +-- IdempotencyKeyReused   the key was used for another order
    |   +-- PositionGone           the feed has no longer all events after this position, or is another one
    +-- TryAgain                   final for this attempt; nothing changed, and a later attempt may succeed
    |   +-- OrderNotPlaced         product_service did not answer in time: this attempt never becomes an order
    |   +-- OrderNotChanged        product_service did not answer in time: the order stays as it was
    |   +-- OrderBusy              another change of this order is in flight
    |   +-- IdempotencyInProgress  the first request with this key is still running
    |   +-- TooManyAtOnce          too many requests of this owner are waiting already: nothing was begun
    |   +-- Overloaded             too many requests are waiting already: nothing was begun
    |   +-- FeedRestored           the database was restored, and its feed was not renewed yet
    +-- OutcomeUnknown             it may or may not have taken effect: repeating the key, or reading the order, shows
"""

from decimal import Decimal


class OrdersError(Exception):
    """The root of all errors of this app."""


class Refused(OrdersError):
    """A final refusal. `replayed` says that it is the saved answer of an earlier request."""

    def __init__(self, message: str, *, replayed: bool = False) -> None:
        super().__init__(message)
        self.replayed = replayed


class OrderNotFound(Refused):
    def __init__(self, order_id: int) -> None:
        super().__init__(f"There is no order {order_id}.")


class InsufficientStock(Refused):
    def __init__(self, *, product_id: int, quantity: int, replayed: bool = False) -> None:
        super().__init__(f"Product {product_id} has too little stock for a quantity of {quantity}.", replayed=replayed)


class TooManyOpenOrders(Refused):
    def __init__(self, *, most: int) -> None:
        super().__init__(f"You have {most} pending orders, the most that one customer may have. Nothing was begun.")


class QuantityTooLarge(Refused):
    def __init__(self, *, most: int) -> None:
        super().__init__(f"An order has at most {most} units.")


class ProductNotFound(Refused):
    def __init__(self, *, product_id: int, replayed: bool = False) -> None:
        super().__init__(f"There is no product {product_id} for sale.", replayed=replayed)


class PriceChanged(Refused):
    def __init__(self, *, product_id: int, ordered_at: Decimal | None, current: Decimal | None) -> None:
        super().__init__(
            f"Product {product_id} costs {current} now, and this order has it at {ordered_at}. "
            "More units need an order of their own."
        )


class InvalidTransition(Refused):
    """The order's status does not allow the requested change."""


class OrderChanged(Refused):
    def __init__(self, order_id: int) -> None:
        super().__init__(f"Order {order_id} is no longer as it was when you read it.")


class IdempotencyKeyReused(Refused):
    def __init__(self) -> None:
        super().__init__("This idempotency key was used for another order.")


class PositionGone(Refused):
    def __init__(self) -> None:
        super().__init__("Events after this position are gone, or it belongs to another feed: begin anew.")


class TryAgain(OrdersError):
    """This attempt certainly changed nothing. Another one may succeed."""


class OrderNotPlaced(TryAgain):
    def __init__(self) -> None:
        super().__init__("The order was not placed: its stock could not be confirmed in time.")


class OrderNotChanged(TryAgain):
    def __init__(self) -> None:
        super().__init__("The order was not changed: its stock could not be confirmed in time.")


class OrderBusy(TryAgain):
    def __init__(self) -> None:
        super().__init__("Another change of this order is under way.")


class IdempotencyInProgress(TryAgain):
    def __init__(self) -> None:
        super().__init__("The first request with this idempotency key is still running.")


class TooManyAtOnce(TryAgain):
    def __init__(self) -> None:
        super().__init__("Too many requests about your orders are waiting already; nothing was begun.")


class Overloaded(TryAgain):
    def __init__(self) -> None:
        super().__init__("Too many requests are waiting already; nothing was begun.")


class FeedRestored(TryAgain):
    def __init__(self) -> None:
        super().__init__("The database was restored, and the feed of events was not renewed yet.")


class OutcomeUnknown(OrdersError):
    """The request may or may not have taken effect."""

    def __init__(self) -> None:
        super().__init__("It is not known whether this took effect; repeat it with the same idempotency key.")
