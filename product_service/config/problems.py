"""The problem table: how the errors of this service's domains are answered."""

from uuid import UUID

from inventory import errors as inventory
from products import errors as products
from service_kit.rest.problem_types import DomainProblem, ProblemType

RESERVATION_ID = UUID("0d9c2f6e-5b1f-4c1e-9a53-2f3b7f6a8c11")

PROBLEMS = [
    DomainProblem(products.ProductNotFound(1), ProblemType("not-found", 404, "Not found"), parameter="product_id"),
    DomainProblem(products.ProductChanged(1), ProblemType("precondition-failed", 412, "Precondition failed")),
    DomainProblem(
        products.ReferenceTaken("LAMP-1"), ProblemType("external-reference-taken", 409, "External reference taken")
    ),
    DomainProblem(products.ValueTaken(["name"]), ProblemType("value-taken", 409, "Value taken")),
    DomainProblem(
        inventory.InsufficientStock(available=2, requested=3),
        ProblemType("insufficient-stock", 409, "Insufficient stock"),
    ),
    DomainProblem(
        inventory.StockTooLarge(largest=2_147_483_647), ProblemType("invalid-request", 400, "Invalid request")
    ),
    DomainProblem(
        inventory.AdjustmentTooLarge(largest=2_147_483_647), ProblemType("invalid-request", 400, "Invalid request")
    ),
    DomainProblem(
        inventory.IdempotencyKeyReused(), ProblemType("idempotency-key-reused", 422, "Idempotency key reused")
    ),
    DomainProblem(
        inventory.ReservationNotFound(RESERVATION_ID),
        ProblemType("not-found", 404, "Not found"),
        parameter="reservation_id",
    ),
]
PATH_EXAMPLES = {"product_id": 1, "reservation_id": str(RESERVATION_ID)}
