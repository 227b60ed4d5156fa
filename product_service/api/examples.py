"""What the published contract shows of each problem: the body that is answered at an address."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api import problems
from api.errors import IdentityProviderUnavailable
from api.parsers import LARGEST_BODY
from api.problems import ProblemType
from inventory import errors as inventory
from products import errors as products

# In the words of the code that raises them.
RESERVATION_ID = UUID("0d9c2f6e-5b1f-4c1e-9a53-2f3b7f6a8c11")
IDS: Mapping[str, int | str] = {"product_id": 1, "reservation_id": str(RESERVATION_ID)}
NOT_FOUND: Mapping[str, str] = {
    "product_id": str(products.ProductNotFound(1)),
    "reservation_id": str(inventory.ReservationNotFound(RESERVATION_ID)),
}
DETAILS: Mapping[str, str] = {
    "precondition-failed": str(products.ProductChanged(1)),
    "external-reference-taken": str(products.ReferenceTaken("LAMP-1")),
    "value-taken": str(products.ValueTaken(["name"])),
    "insufficient-stock": str(inventory.InsufficientStock(available=2, requested=3)),
    "idempotency-key-reused": str(inventory.IdempotencyKeyReused()),
    "outcome-unknown": "The database did not confirm the change; read before you repeat it.",
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
