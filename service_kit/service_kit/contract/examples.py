"""What the published contract shows of each problem: the body that is answered at an address."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from service_kit.auth.errors import IdentityProviderUnavailable, MalformedAuthorization
from service_kit.rest import problems
from service_kit.rest.parsers import LARGEST_BODY
from service_kit.rest.problem_types import ProblemType, domain_problems, path_examples

# In the words of the code that raises them. A service's own table comes before those of the database.
OF_THE_DATABASE: Mapping[str, str] = {
    "outcome-unknown": "The database did not confirm the change; read before you repeat it.",
    "database-unavailable": "The database does not answer; try again.",
}
OF_HTTP: Mapping[str, str] = {
    "identity-provider-unavailable": str(IdentityProviderUnavailable.default_detail),
    "invalid-request": "The request is not valid; see errors.",
    "not-authenticated": "An access token is needed here.",
    "payload-too-large": f"The body is larger than {LARGEST_BODY} bytes.",
    "unsupported-media-type": 'Unsupported media type "text/plain" in request.',
}
OF_A_BODY = {"pointer": "/colour", "code": "unknown-field", "detail": "This field is not known here."}
OF_A_LIST = {"pointer": "/page_size", "code": "invalid", "detail": "A whole number from 1 to 100 is required."}


def example_problem(
    kind: ProblemType, *, path: str, mistake: Mapping[str, str] | None, scopes: Sequence[str]
) -> dict[str, Any]:
    """
    Return the body of a problem as an operation responds with it.

    :param mistake: what may be wrong with the input of the operation; None if it takes no input but its headers.
    :raises KeyError: if there is no detail for this kind of problem.
    """
    instance = path.format_map(path_examples())
    if kind.slug == "invalid-request" and mistake is None:
        return problems.body(kind, detail=str(MalformedAuthorization.default_detail), instance=instance)
    mistakes = [dict(mistake)] if kind.slug == "invalid-request" and mistake else []
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
    return {**OF_THE_DATABASE, **of_the_domain, **OF_HTTP}
