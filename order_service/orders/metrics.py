"""What is counted of placing, and of calling product_service (docs/operations.md, "Metrics")."""

import collections
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from prometheus_client import Counter, Histogram

from orders import errors
from products_client import Attempt

Item = TypeVar("Item")
Answer = TypeVar("Answer")

PLACINGS = Counter("orders_placings", "Requests to place an order that were decided, by outcome.", ["outcome"])
GROUP_SIZE = Histogram("orders_group_size", "Orders that were placed together.", buckets=(1, 2, 4, 8, 16, 32, 64, 100))
TURNED_AWAY = Counter(
    "orders_turned_away",
    "Requests that were answered `overloaded` because none of the threads that may wait was free, or no group came.",
    ["by"],
)
TRY_SECONDS = Histogram(
    "products_client_try_duration_seconds",
    "Seconds that one try of a call to product_service took, by the status or the error that it ended with.",
    ["call", "result"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
REPEATS = Counter("products_client_repeats", "Tries after the first one of a call to product_service.", ["call"])
GAVE_UP = Counter("reconciler_gave_up", "Placings and increases that the reconciler gave up.", ["kind"])
PUSHED = Counter("reconciler_pushed", "Orders that were pushed to product_service, by what came of it.", ["result"])

OUTCOMES: dict[type[Exception], str] = {
    errors.InsufficientStock: "insufficient-stock",
    errors.ProductNotFound: "product-not-found",
    errors.OrderNotPlaced: "order-not-placed",
    errors.OutcomeUnknown: "outcome-unknown",
    errors.IdempotencyKeyReused: "idempotency-key-reused",
    errors.IdempotencyInProgress: "idempotency-in-progress",
}
"""What a refused placing is counted as: the problem type that its client is told."""

# A series that begins at one has never grown: alerts on growth need a zero first.
_count_placings = {
    outcome: PLACINGS.labels(outcome).inc for outcome in ("placed", "replayed", "internal-error", *OUTCOMES.values())
}
for turned_away_by in ("bulkhead", "group"):
    TURNED_AWAY.labels(turned_away_by)
for kind in ("placing", "increase"):
    GAVE_UP.labels(kind)
for result in ("acknowledged", "disagreed", "unknown"):
    PUSHED.labels(result)
REPEATS.labels("put_reservations")

# To find a child by its labels costs more than to observe with it.
_observers: dict[tuple[str, str | int | None], Callable[[float], None]] = {}


def counted(
    place: Callable[[Sequence[Item]], Sequence[Answer | Exception]],
) -> Callable[[Sequence[Item]], Sequence[Answer | Exception]]:
    """Return `place`, a function that places a group, with the size and the outcomes of each group counted."""

    def place_and_count(group: Sequence[Item]) -> Sequence[Answer | Exception]:
        GROUP_SIZE.observe(len(group))
        try:
            answers = place(group)
        except Exception:
            _count_placings["internal-error"](len(group))
            raise
        for outcome, number in collections.Counter(map(_outcome, answers)).items():
            _count_placings[outcome](number)
        return answers

    return place_and_count


def tried(attempt: Attempt) -> None:
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
