"""What the published contract shows of each problem: the body that is answered at an address."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from service_kit.auth.errors import IdentityProviderUnavailable
from service_kit.rest import problems
from service_kit.rest.errors import LARGEST_BODY, PreconditionFailed, SearchTooBroad
from service_kit.rest.problem_types import ProblemType, domain_problems, path_examples

# In the words of the code that raises them; the gateway's are in nginx/templates/15-problems.conf.template. A service's
# own table comes before those of the database.
OF_THE_DATABASE: Mapping[str, str] = {
    "outcome-unknown": "The database did not confirm the change; read before you repeat it.",
    "database-unavailable": "The database does not answer; try again.",
}
OF_HTTP: Mapping[str, str] = {
    "identity-provider-unavailable": str(IdentityProviderUnavailable.default_detail),
    "invalid-request": "The request is not valid; see errors.",
    "not-authenticated": "An access token is needed here.",
    "precondition-failed": str(PreconditionFailed.default_detail),
    "payload-too-large": f"The body is larger than {LARGEST_BODY} bytes.",
    "search-too-broad": str(SearchTooBroad.default_detail),
    "unsupported-media-type": 'Unsupported media type "text/plain" in request.',
}
OF_THE_GATEWAY: Mapping[str, str] = {
    "malformed-request": "The request is not well-formed HTTP.",
    "uri-too-long": "The address is longer than this gateway takes.",
    "too-many-requests": "This client sends more than its share. Wait, then repeat the request.",
    "headers-too-large": "The headers are larger than this gateway takes.",
    "internal-error": "Something went wrong here; the request id finds it in the logs.",
    "bad-gateway": "The service behind this address did not answer properly. The outcome of the request is unknown.",
    "service-unavailable": "The service behind this address takes no requests at the moment.",
    "gateway-timeout": "The service behind this address did not answer in time. The outcome of the request is unknown.",
}
OF_A_BODY = {"pointer": "/colour", "code": "unknown-field", "detail": "This field is not known here."}
OF_A_LIST = {"pointer": "/page_size", "code": "invalid", "detail": "A whole number from 1 to 100 is required."}
OF_AN_ADDRESS = {
    "pointer": "/colour",
    "code": "unknown-parameter",
    "detail": "This parameter is not known here. This request takes no query parameters.",
}


def example_problem(
    kind: ProblemType, *, path: str, mistake: Mapping[str, str], scopes: Sequence[str]
) -> dict[str, Any]:
    """Return the body of a problem as an operation answers it; `mistake` is what may be wrong with its request."""
    mistakes = [dict(mistake)] if kind.slug == "invalid-request" else []
    instance = path.format_map(path_examples())
    return problems.body(kind, detail=_detail(kind.slug, path, scopes), instance=instance, errors=mistakes)


def _detail(slug: str, path: str, scopes: Sequence[str]) -> str:
    if slug == "permission-denied":
        return f"The access token lacks the scope {' or '.join(scopes)}."
    if slug == "not-found":
        return next(str(row.example) for row in domain_problems() if row.parameter and f"{{{row.parameter}}}" in path)
    return _details()[slug]


@cache
def _details() -> Mapping[str, str]:
    of_the_domain = {row.kind.slug: str(row.example) for row in domain_problems() if not row.parameter}
    return {**OF_THE_DATABASE, **of_the_domain, **OF_HTTP, **OF_THE_GATEWAY}
