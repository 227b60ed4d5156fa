"""The problem table of the sample service."""

from service_kit.rest.problem_types import DomainProblem, ProblemType
from things.errors import NameTaken, ThingChanged, ThingNotFound

PROBLEMS = [
    DomainProblem(ThingNotFound(1), ProblemType("not-found", 404, "Not found"), parameter="thing_id"),
    DomainProblem(NameTaken("Desk lamp"), ProblemType("name-taken", 409, "Name taken")),
    DomainProblem(ThingChanged(), ProblemType("precondition-failed", 412, "Precondition failed")),
]
PATH_EXAMPLES = {"thing_id": 1}
