"""The writes: each function says what its caller may rely on when it returns, and when it raises."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings

from orders import errors, products
from orders.batcher import PlacementBatcher
from orders.bulkhead import Bulkhead
from orders.drafts import Draft, Placed, answer_from_row
from orders.events import Cause
from orders.models import Order
from orders.reserve import reserve
from orders.states import Status, is_allowed
from products_client import Outcome

log = structlog.get_logger(__name__)

REQUEST_BUDGET = 2.8
"""Seconds that a request may wait for a group and for product_service together."""

MAX_ROUNDS = 3
"""How often a change that lost a race is decided anew, from the row as it is then."""


def _new_batcher() -> PlacementBatcher:
    if not settings.TRACING:
        return PlacementBatcher()
    from orders.traced_batcher import TracedPlacementBatcher  # noqa: PLC0415 - it imports OpenTelemetry

    return TracedPlacementBatcher()


bulkhead = Bulkhead(settings.PRODUCTS_PLACES, share=settings.PLACING_SHARE_PER_OWNER)
batcher = _new_batcher()


def place_order(*, owner: str, product_id: int, quantity: int, idempotency_key: str | None = None) -> Placed:
    """
    Place an order. When this returns, it is live and its units are held.

    May be repeated with the same key, by the same owner, for 72 hours: the first final answer is given again.

    :raises QuantityTooLarge: if one order may not have so many units; nothing was begun.
    :raises TooManyOpenOrders: if the owner has as many pending orders as one may have; nothing was begun.
    :raises InsufficientStock: if product_service has fewer units.
    :raises ProductNotFound: if it sells no such product.
    :raises OrderNotPlaced: if it did not answer within 2.5 s. This attempt will never become an order.
    :raises IdempotencyKeyReused: if the key was used for another product or quantity.
    :raises IdempotencyInProgress: if the first request with this key is still running.
    :raises TooManyAtOnce: if too many requests of this owner are waiting already; nothing was begun.
    :raises Overloaded: if too many requests are waiting already; nothing was begun.
    :raises OutcomeUnknown: if the database failed meanwhile; repeating the key resolves it.
    :raises ImproperlyConfigured: if this service has no key to sign its requests with; nothing was begun.
    """
    draft = Draft(
        owner=owner,
        product_id=product_id,
        quantity=quantity,
        idempotency_key=idempotency_key,
        deadline=time.monotonic() + REQUEST_BUDGET,
    )
    if quantity > settings.ORDER_QUANTITY_MAX:
        return _placed_before(draft)
    products.client()  # a service that cannot sign its requests must not begin an order
    with bulkhead.slot(owner):
        return batcher.place(draft)


def _placed_before(draft: Draft) -> Placed:
    """
    Answer an order of too many units, whose key may be that of an order from before the limit.

    It is never begun: while it waits for a group, the order of its key could be aborted.
    """
    order = Order.objects.first_by_key(draft.owner, draft.idempotency_key)
    if order is None:
        raise errors.QuantityTooLarge(most=settings.ORDER_QUANTITY_MAX)
    if not draft.matches(order):
        raise errors.IdempotencyKeyReused
    answer = answer_from_row(order, replayed=True)
    if isinstance(answer, Exception):
        raise answer
    return answer


def change_order(  # noqa: PLR0913 - all are named
    *,
    order_id: int,
    owner: str | None,
    cause: Cause,
    quantity: int | None = None,
    status: Status | None = None,
    is_as_read: Callable[[Order], bool] | None = None,
) -> Order:
    """
    Change an order's quantity, its status, or both at once. Requesting what the order is already changes nothing.

    A decrease or a cancel is committed at once, and the reconciler releases the units. An increase is committed when
    product_service holds the units. A cancel wins over an increase in flight.

    :param owner: whose order it must be; None for anybody's.
    :param cause: who changes it, for its history.
    :param is_as_read: decides, of the row that is then changed, whether it is still the order that the caller read.
    :raises OrderNotFound: if the owner has no such order.
    :raises OrderChanged: if it is no longer as the caller read it.
    :raises InvalidTransition: if its status does not allow the change.
    :raises QuantityTooLarge: if the larger quantity is more than one order may have.
    :raises InsufficientStock: if product_service has too few units for the larger quantity.
    :raises ProductNotFound: if the quantity is increased of a product that is no longer sold.
    :raises PriceChanged: if the quantity is increased of a product whose price is no longer that of the order.
    :raises OrderBusy: if another change of this order is in flight.
    :raises OrderNotChanged: if product_service did not answer within 2.5 s. The order stays as it was.
    """
    deadline = time.monotonic() + REQUEST_BUDGET
    for _ in range(MAX_ROUNDS):
        order = Order.seen_by(owner, order_id)
        if is_as_read is not None and not is_as_read(order):
            raise errors.OrderChanged(order_id)
        requested = order.quantity if quantity is None else quantity
        if _change(order, quantity=requested, status=status or order.state, deadline=deadline, cause=cause):
            return Order.seen_by(owner, order_id)
        if time.monotonic() >= deadline:
            break
    raise errors.OrderBusy


def _change(order: Order, *, quantity: int, status: Status, deadline: float, cause: Cause) -> bool:
    """Change the order as it was read. Return False if another process has changed it since."""
    if not is_allowed(order.state, status):
        raise errors.InvalidTransition(f"A {order.status} order cannot become {status}.")
    if quantity != order.quantity and order.state != Status.PENDING:
        raise errors.InvalidTransition(f"The quantity of a {order.status} order cannot change.")
    if order.target_quantity is not None and status != Status.CANCELED:
        raise errors.OrderBusy
    if (quantity, status) == (order.quantity, order.state):
        return True
    if quantity > order.quantity and status != Status.CANCELED:
        return _increase(order, target=quantity, status=status, deadline=deadline, cause=cause)
    return Order.objects.settle(order, quantity=quantity, status=status, cause=cause)


def _increase(order: Order, *, target: int, status: Status, deadline: float, cause: Cause) -> bool:
    """Record the target, reserve it, and promise it only when it is held (rule R2)."""
    if target > settings.ORDER_QUANTITY_MAX:
        raise errors.QuantityTooLarge(most=settings.ORDER_QUANTITY_MAX)
    increase = order.with_target(target)
    with bulkhead.slot(order.owner):
        if not Order.objects.begin_increase(order, increase=increase):
            return False
        results = reserve([(increase, target)], deadline=deadline)
    if results is None:
        Order.objects.drop_increase(increase, seen=increase.revision, held=None)
        raise errors.OrderNotChanged
    [result] = results
    match result.outcome:
        case Outcome.HELD if result.unit_price != order.unit_price:
            # The reservation was made anew after the order: a database was restored, or the order was imported.
            Order.objects.drop_increase(increase, seen=increase.revision, held=None)
            raise errors.PriceChanged(
                product_id=order.product_id, ordered_at=order.unit_price, current=result.unit_price
            )
        case Outcome.HELD:
            return Order.objects.finish_increase(increase, status=status, cause=cause)
        case Outcome.INSUFFICIENT_STOCK:
            Order.objects.drop_increase(increase, seen=increase.revision, held=result.quantity)
            raise errors.InsufficientStock(product_id=order.product_id, quantity=target)
        case Outcome.PRODUCT_NOT_FOUND:
            Order.objects.drop_increase(increase, seen=increase.revision, held=result.quantity)
            raise errors.ProductNotFound(product_id=order.product_id)
        case Outcome.PRICE_CHANGED:
            Order.objects.drop_increase(increase, seen=increase.revision, held=result.quantity)
            raise errors.PriceChanged(
                product_id=order.product_id, ordered_at=order.unit_price, current=result.current_price
            )
        case _:
            # The increase was dropped and a later revision was pushed. If the row is unchanged, a database was
            # restored from a backup (rule R7).
            if Order.objects.drop_increase(increase, seen=result.revision, held=None):
                log.error("reservation is ahead of its order: was a database restored?", order_id=order.pk)
            raise errors.OrderNotChanged
