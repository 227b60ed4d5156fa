"""What the published contract shows of each problem: the body that is answered at an address."""

from collections.abc import Mapping, Sequence
from typing import Any

from api import problems
from api.errors import IdentityProviderUnavailable
from api.parsers import LARGEST_BODY
from api.problems import ProblemType
from orders import errors

# In the words of the code that raises them.
IDS: Mapping[str, str] = {"order_id": "1"}
NOT_FOUND: Mapping[str, str] = {"order_id": str(errors.OrderNotFound(1))}
DETAILS: Mapping[str, str] = {
    "insufficient-stock": str(errors.InsufficientStock(product_id=1, quantity=2)),
    "product-not-found": str(errors.ProductNotFound(product_id=1)),
    "invalid-transition": "A shipped order cannot become canceled.",
    "idempotency-key-reused": str(errors.IdempotencyKeyReused()),
    "idempotency-in-progress": str(errors.IdempotencyInProgress()),
    "order-busy": str(errors.OrderBusy()),
    "order-not-placed": str(errors.OrderNotPlaced()),
    "order-not-changed": str(errors.OrderNotChanged()),
    "overloaded": str(errors.Overloaded()),
    "outcome-unknown": str(errors.OutcomeUnknown()),
    "database-unavailable": "The database does not answer; try again.",
    "identity-provider-unavailable": str(IdentityProviderUnavailable.default_detail),
    "invalid-request": "The request is not valid; see errors.",
    "not-authenticated": "An access token is needed here.",
    "payload-too-large": f"The body is larger than {LARGEST_BODY} bytes.",
    "unsupported-media-type": 'Unsupported media type "text/plain" in request.',
}
OF_A_BODY = {"pointer": "/colour", "code": "unknown-field", "detail": "This field is not known here."}
OF_A_LIST = {"pointer": "/page_size", "code": "invalid", "detail": "A whole number from 1 to 100 is required."}


def example_problem(kind: ProblemType, *, path: str, takes_body: bool, scopes: Sequence[str]) -> dict[str, Any]:
    """
    Write the body of a problem as an operation answers it.

    :raises KeyError: if there is no detail for this kind of problem.
    """
    mistakes = [OF_A_BODY if takes_body else OF_A_LIST] if kind.slug == "invalid-request" else []
    return problems.body(kind, detail=_detail(kind.slug, path, scopes), instance=path.format_map(IDS), errors=mistakes)


def _detail(slug: str, path: str, scopes: Sequence[str]) -> str:
    if slug == "permission-denied":
        return f"The access token lacks the scope {' or '.join(scopes)}."
    if slug == "not-found":
        return next(detail for name, detail in NOT_FOUND.items() if f"{{{name}}}" in path)
    return DETAILS[slug]
