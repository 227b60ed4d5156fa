"""What a request to place an order says, and how it is answered."""

from dataclasses import dataclass, field
from uuid import UUID

from orders import errors
from orders.ids import new_reservation_id
from orders.models import Order
from orders.request_ids import current_request_id
from orders.states import Failure, Placement


@dataclass(frozen=True)
class Draft:
    """An order to be placed. `deadline` is an instant of the monotonic clock."""

    owner: str
    product_id: int
    quantity: int
    idempotency_key: str | None
    deadline: float
    reservation_id: UUID = field(default_factory=new_reservation_id)
    request_id: str | None = field(default_factory=current_request_id)

    def matches(self, order: Order) -> bool:
        """Return whether the order was placed by a request with the same body."""
        return (order.product_id, order.placed_quantity) == (self.product_id, self.quantity)


@dataclass(frozen=True)
class Placed:
    """A live order. `replayed` says that an earlier request with the same key placed it."""

    order: Order
    replayed: bool = False


Answer = Placed | Exception


def answer_from_row(order: Order, *, replayed: bool = False) -> Answer:
    """Answer a placement from the order's row. The first answer and each replay of it say the same."""
    if order.placement == Placement.LIVE:
        return Placed(order, replayed=replayed)
    match order.failure:
        case Failure.INSUFFICIENT_STOCK:
            return errors.InsufficientStock(
                product_id=order.product_id, quantity=order.placed_quantity, replayed=replayed
            )
        case Failure.PRODUCT_NOT_FOUND:
            return errors.ProductNotFound(product_id=order.product_id, replayed=replayed)
        case Failure.ABORTED:
            return errors.OrderNotPlaced()
        case _:  # still `placing`: another thread drives the same row and has not decided yet
            return errors.OutcomeUnknown()
