"""The problem table: how the errors of this service's domain are answered."""

from decimal import Decimal

from orders import errors
from service_kit.rest.problem_types import DomainProblem, ProblemType

PROBLEMS = [
    DomainProblem(errors.OrderNotFound(1), ProblemType("not-found", 404, "Not found"), parameter="order_id"),
    DomainProblem(
        errors.InsufficientStock(product_id=1, quantity=2), ProblemType("insufficient-stock", 409, "Insufficient stock")
    ),
    DomainProblem(
        errors.PriceChanged(product_id=1, ordered_at=Decimal("39.90"), current=Decimal("44.90")),
        ProblemType("price-changed", 409, "Price changed"),
    ),
    DomainProblem(errors.QuantityTooLarge(most=1000), ProblemType("quantity-too-large", 422, "Quantity too large")),
    DomainProblem(errors.ProductNotFound(product_id=1), ProblemType("product-not-found", 422, "Product not found")),
    DomainProblem(
        errors.InvalidTransition("A shipped order cannot become canceled."),
        ProblemType("invalid-transition", 409, "Invalid transition"),
    ),
    DomainProblem(errors.OrderChanged(1), ProblemType("precondition-failed", 412, "Precondition failed")),
    DomainProblem(errors.IdempotencyKeyReused(), ProblemType("idempotency-key-reused", 422, "Idempotency key reused")),
    DomainProblem(
        errors.IdempotencyInProgress(),
        ProblemType("idempotency-in-progress", 409, "Request in progress", retry_after=1),
    ),
    DomainProblem(errors.TooManyOpenOrders(most=100), ProblemType("too-many-open-orders", 409, "Too many open orders")),
    DomainProblem(errors.OrderBusy(), ProblemType("order-busy", 409, "Order busy", retry_after=1)),
    DomainProblem(errors.OrderNotPlaced(), ProblemType("order-not-placed", 503, "Order not placed", retry_after=1)),
    DomainProblem(errors.OrderNotChanged(), ProblemType("order-not-changed", 503, "Order not changed", retry_after=1)),
    DomainProblem(errors.TooManyAtOnce(), ProblemType("too-many-requests", 429, "Too many requests", retry_after=1)),
    DomainProblem(errors.Overloaded(), ProblemType("overloaded", 503, "Overloaded", retry_after=1)),
    DomainProblem(errors.PositionGone(), ProblemType("position-gone", 410, "Position gone")),
    DomainProblem(errors.FeedRestored(), ProblemType("feed-restored", 503, "Feed restored", retry_after=60)),
    DomainProblem(errors.OutcomeUnknown(), ProblemType("outcome-unknown", 503, "Outcome unknown", retry_after=1)),
]
PATH_EXAMPLES = {"order_id": 1}
