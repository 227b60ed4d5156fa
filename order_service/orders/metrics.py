"""Metrics of order placement, of calls to product_service and of the reconciler (docs/operations.md, "Metrics")."""

from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Histogram

from orders import errors
from products_client import Attempt

PLACINGS = Counter(
    "orders_placings",
    "Decided requests to place an order: placed, replayed, internal-error, or the problem type of the answer.",
    ["outcome"],
)
GROUP_SIZE = Histogram("orders_group_size", "Orders that were placed together.", buckets=(1, 2, 4, 8, 16, 32, 64, 100))
TURNED_AWAY = Counter(
    "orders_turned_away",
    "Requests refused for want of a free slot (bulkhead), of a group in time (group) or of the owner's share (owner).",
    ["by"],
)
TRY_SECONDS = Histogram(
    "products_client_try_duration_seconds",
    "Seconds that one try of a call to product_service took; the result is a status, or an error such as ReadTimeout.",
    ["call", "result"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
REPEATS = Counter("products_client_repeats", "Retries of calls to product_service.", ["call"])
GAVE_UP = Counter("reconciler_gave_up", "Order placements and increases that the reconciler aborted.", ["kind"])
CANCELED = Counter("reconciler_canceled", "Pending orders that the reconciler canceled because of their age.")
PUSHED = Counter("reconciler_pushed", "Orders that were pushed to product_service, by result.", ["result"])
DELETED = Counter("orders_deleted", "Refused and aborted orders that were older than they are kept.")
EVENTS_DELETED = Counter("order_events_deleted", "Events of orders that were older than they are kept.")

OUTCOMES: dict[type[Exception], str] = {
    errors.InsufficientStock: "insufficient-stock",
    errors.ProductNotFound: "product-not-found",
    errors.OrderNotPlaced: "order-not-placed",
    errors.OutcomeUnknown: "outcome-unknown",
    errors.TooManyOpenOrders: "too-many-open-orders",
    errors.IdempotencyKeyReused: "idempotency-key-reused",
    errors.IdempotencyInProgress: "idempotency-in-progress",
}
"""The outcome under which a refusal is counted: the problem type of its answer."""

# An alert on growth needs a zero first: a series that begins at one has never grown.
_count_placings = {
    outcome: PLACINGS.labels(outcome).inc for outcome in ("placed", "replayed", "internal-error", *OUTCOMES.values())
}
for turned_away_by in ("bulkhead", "group", "owner"):
    TURNED_AWAY.labels(turned_away_by)
for kind in ("placing", "increase"):
    GAVE_UP.labels(kind)
for result in ("acknowledged", "disagreed", "superseded", "unknown"):
    PUSHED.labels(result)
REPEATS.labels("put_reservations")

# Finding a child by its labels takes longer than observing with it.
_observers: dict[tuple[str, str | int | None], Callable[[float], None]] = {}


def count_answer(answer: Any) -> None:
    """Count the answer of one request to place an order, by outcome."""
    _count_placings[_outcome(answer)]()


def count_try(attempt: Attempt) -> None:
    """Count one try of a call to product_service."""
    result = attempt.error or attempt.status
    observe = _observers.get((attempt.call, result))
    if observe is None:
        observe = _observers[attempt.call, result] = TRY_SECONDS.labels(attempt.call, str(result)).observe
    observe(attempt.seconds)
    if attempt.number > 1:
        REPEATS.labels(attempt.call).inc()


def _outcome(answer: Any) -> str:
    if isinstance(answer, Exception):
        return OUTCOMES.get(type(answer), "internal-error")
    return "replayed" if answer.replayed else "placed"
