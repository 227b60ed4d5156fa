"""What can be done with orders. Each function says what its caller may rely on when it returns, and when it raises."""

import time

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from config import clients
from orders import errors, metrics
from orders.bulkhead import Bulkhead
from orders.doubts import report_unknown
from orders.group_commit import GroupCommit, NotTaken, StillRunning
from orders.models import Order
from orders.placing import CALL_BUDGET, Draft, Placed, place_group
from orders.request_groups import under_all_ids
from orders.states import Status, may_move
from products_client import MAX_BATCH, Outcome, OutcomeUnknown, ReservationRequest, ReservationResult

log = structlog.get_logger(__name__)

REQUEST_BUDGET = 2.8
"""Seconds within which product_service must have answered a request of ours, waiting for a group included."""

PATIENCE = 1.0
"""Seconds that a placing waits for a group; at most so much less time has whoever is taken together with it."""

GROUP_LIMIT = 2.3
"""Seconds that a placing waits after that for its group, which ends with its own deadline and one transaction."""

READ_AGAIN = 3
"""How often a change that lost a race is decided anew, from the row as it is then."""

bulkhead = Bulkhead(settings.PRODUCTS_PLACES)
placings: GroupCommit[Draft, Placed] = import_string(settings.GROUP_COMMIT)(
    metrics.counted(under_all_ids(place_group)), largest=MAX_BATCH
)


def place_order(*, owner: str, product_id: int, quantity: int, idempotency_key: str | None = None) -> Placed:
    """
    Place an order: it exists, and its units are held, when this returns.

    May be repeated with the same key, by the same owner, for 72 hours: the first definite answer is given again.

    :raises InsufficientStock: if product_service has fewer units.
    :raises ProductNotFound: if it sells no such product.
    :raises OrderNotPlaced: if it did not answer within 2.5 s. This attempt will never become an order.
    :raises IdempotencyKeyReused: if the key stands for another product or quantity.
    :raises IdempotencyInProgress: if the first request with this key is still running.
    :raises Overloaded: if too many requests are waiting already; nothing was begun.
    :raises OutcomeUnknown: if the database failed on the way; the key resolves it.
    """
    draft = Draft(
        owner=owner,
        product_id=product_id,
        quantity=quantity,
        idempotency_key=idempotency_key,
        deadline=time.monotonic() + REQUEST_BUDGET,
    )
    with bulkhead:
        try:
            return placings.submit(draft, patience=PATIENCE, limit=GROUP_LIMIT)
        except NotTaken:
            metrics.TURNED_AWAY.labels("group").inc()
            raise errors.Overloaded from None
        except StillRunning:
            raise errors.OutcomeUnknown from None


def change_order(
    *, order_id: int, owner: str | None, quantity: int | None = None, status: Status | None = None
) -> Order:
    """
    Change an order's quantity, its status, or both at once. What it is already is no change and no error.

    Less is promised at once and the units go back when product_service acknowledges it; more is promised when
    product_service holds it. A cancel wins over an increase that is under way.

    :param owner: whose order it must be; None for anybody's.
    :raises OrderNotFound: if the owner has no such order.
    :raises InvalidTransition: if its status does not allow the change.
    :raises InsufficientStock: if product_service has too few units for a larger quantity.
    :raises ProductNotFound: if a larger quantity is asked of a product that is no longer sold.
    :raises OrderBusy: if another change of this order is under way.
    :raises OrderNotChanged: if product_service did not answer within 2.5 s. The order stays as it was.
    """
    deadline = time.monotonic() + REQUEST_BUDGET
    for _ in range(READ_AGAIN):
        order = Order.objects.visible_to(owner).one(order_id)
        wanted = order.quantity if quantity is None else quantity
        if _change(order, quantity=wanted, status=status or order.state, deadline=deadline):
            return Order.objects.one(order_id)
        if time.monotonic() >= deadline:
            break
    raise errors.OrderBusy


def _change(order: Order, *, quantity: int, status: Status, deadline: float) -> bool:
    """Change the order as it was read. Return whether it still was like that."""
    if not may_move(order.state, status):
        raise errors.InvalidTransition(f"A {order.status} order cannot become {status}.")
    if quantity != order.quantity and order.state != Status.PENDING:
        raise errors.InvalidTransition(f"The quantity of a {order.status} order cannot change.")
    if order.target_quantity is not None and status != Status.CANCELED:
        raise errors.OrderBusy
    if (quantity, status) == (order.quantity, order.state):
        return True
    if quantity > order.quantity and status != Status.CANCELED:
        return _increase(order, target=quantity, status=status, deadline=deadline)
    return Order.objects.settle(order, quantity=quantity, status=status, now=timezone.now())


def _increase(order: Order, *, target: int, status: Status, deadline: float) -> bool:
    """Take before the promise: record the wish, ask, and promise what is held."""
    asked = order.asking_for(target)
    with bulkhead:
        if not Order.objects.begin_increase(order, asked=asked, now=timezone.now()):
            return False
        result = _ask(asked, quantity=target, deadline=deadline)
    now = timezone.now()
    if result is None:
        Order.objects.drop_increase(asked, now=now, seen=asked.revision, held=None)
        raise errors.OrderNotChanged
    match result.outcome:
        case Outcome.HELD:
            return Order.objects.finish_increase(asked, status=status, now=now)
        case Outcome.INSUFFICIENT_STOCK:
            Order.objects.drop_increase(asked, now=now, seen=asked.revision, held=result.quantity)
            raise errors.InsufficientStock(product_id=order.product_id, quantity=target)
        case Outcome.PRODUCT_NOT_FOUND:
            Order.objects.drop_increase(asked, now=now, seen=asked.revision, held=result.quantity)
            raise errors.ProductNotFound(product_id=order.product_id)
        case _:
            # Somebody gave this increase up, and that was pushed. If the row is as we left it, a database was restored.
            if Order.objects.drop_increase(asked, now=now, seen=result.revision, held=None):
                log.error("reservation is ahead of its order: was a database restored?", order_id=order.pk)
            raise errors.OrderNotChanged


def _ask(asked: Order, *, quantity: int, deadline: float) -> ReservationResult | None:
    """Have the quantity held at the revision asked; None when nobody can tell whether it is."""
    item = ReservationRequest(
        id=asked.reservation_id, product_id=asked.product_id, quantity=quantity, revision=asked.revision
    )
    try:
        return clients.products().put_reservations([item], deadline=min(deadline, time.monotonic() + CALL_BUDGET))[0]
    except OutcomeUnknown as unknown:
        report_unknown(unknown, order_id=asked.pk)
        return None
