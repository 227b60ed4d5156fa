"""The kinds of problems: those of HTTP and of the database, and those of the service's domain."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem: the last part of its `type`, its HTTP status and its title."""

    slug: str
    status: int
    title: str
    retry_after: int | None = None  # seconds

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


@dataclass(frozen=True)
class DomainProblem:
    """One row of a service's problem table: errors of the example's class are answered with this kind."""

    example: Exception  # as the domain raises it; its text is the example in the contract
    kind: ProblemType
    parameter: str = ""  # for a 404, the path parameter that names what was not found


HTTP_PROBLEMS: Mapping[int, ProblemType] = {
    400: ProblemType("invalid-request", 400, "Invalid request"),
    401: ProblemType("not-authenticated", 401, "Not authenticated"),
    403: ProblemType("permission-denied", 403, "Permission denied"),
    404: ProblemType("not-found", 404, "Not found"),
    405: ProblemType("method-not-allowed", 405, "Method not allowed"),
    412: ProblemType("precondition-failed", 412, "Precondition failed"),
    413: ProblemType("payload-too-large", 413, "Payload too large"),
    415: ProblemType("unsupported-media-type", 415, "Unsupported media type"),
    422: ProblemType("search-too-broad", 422, "Search too broad"),
    500: ProblemType("internal-error", 500, "Internal error"),
    503: ProblemType("identity-provider-unavailable", 503, "Identity provider unavailable", retry_after=1),
}
# What the gateway answers in place of any public address (nginx/templates/15-problems.conf.template).
GATEWAY_PROBLEMS: Sequence[ProblemType] = (
    ProblemType("malformed-request", 400, "Malformed request"),
    ProblemType("uri-too-long", 414, "URI too long"),
    ProblemType("too-many-requests", 429, "Too many requests", retry_after=1),
    ProblemType("headers-too-large", 431, "Headers too large"),
    ProblemType("bad-gateway", 502, "Bad gateway", retry_after=1),
    ProblemType("service-unavailable", 503, "Service unavailable", retry_after=1),
    ProblemType("gateway-timeout", 504, "Gateway timeout", retry_after=1),
)
DATABASE_UNAVAILABLE = ProblemType("database-unavailable", 503, "Database unavailable", retry_after=1)
OUTCOME_UNKNOWN = ProblemType("outcome-unknown", 503, "Outcome unknown", retry_after=1)


@cache
def domain_problems() -> Sequence[DomainProblem]:
    """Return the service's problem table: `PROBLEMS` in the module that `settings.PROBLEM_TABLE` names."""
    problems: Sequence[DomainProblem] = importlib.import_module(settings.PROBLEM_TABLE).PROBLEMS
    return problems


@cache
def domain_kinds() -> Mapping[type[Exception], ProblemType]:
    """Return the service's kinds of problems by the class of the error."""
    return {type(row.example): row.kind for row in domain_problems()}


@cache
def kinds_by_slug() -> Mapping[str, ProblemType]:
    """Return every kind of problem that this service, or the gateway in front of it, may answer with."""
    kinds = [
        *GATEWAY_PROBLEMS,
        *HTTP_PROBLEMS.values(),
        *domain_kinds().values(),
        DATABASE_UNAVAILABLE,
        OUTCOME_UNKNOWN,
    ]
    return {kind.slug: kind for kind in kinds}


def path_examples() -> Mapping[str, int | str]:
    """Return an example of each path parameter: `PATH_EXAMPLES` in the module of the problem table."""
    examples: Mapping[str, int | str] = importlib.import_module(settings.PROBLEM_TABLE).PATH_EXAMPLES
    return examples
