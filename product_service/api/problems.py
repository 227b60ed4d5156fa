"""The one place where errors become HTTP: problem+json (RFC 9457), by two small tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_standardized_errors.formatter import ExceptionFormatter, flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from inventory import errors as inventory
from products import errors as products

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger("api.problems")


@dataclass(frozen=True)
class ProblemType:
    """One kind of refusal: the last part of its `type`, its HTTP status and its title."""

    slug: str
    status: int
    title: str
    retry_after: int | None = None  # seconds

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


DOMAIN_PROBLEMS: Mapping[type[Exception], ProblemType] = {
    products.ProductNotFound: ProblemType("not-found", 404, "Not found"),
    products.ProductChanged: ProblemType("precondition-failed", 412, "Precondition failed"),
    products.ReferenceTaken: ProblemType("external-reference-taken", 409, "External reference taken"),
    products.ValueTaken: ProblemType("value-taken", 409, "Value taken"),
    inventory.InsufficientStock: ProblemType("insufficient-stock", 409, "Insufficient stock"),
    inventory.StockTooLarge: ProblemType("invalid-request", 400, "Invalid request"),
    inventory.IdempotencyKeyReused: ProblemType("idempotency-key-reused", 422, "Idempotency key reused"),
    inventory.ReservationNotFound: ProblemType("not-found", 404, "Not found"),
}

# The database is down, or a lock was not had in time.
DATABASE_ERRORS = (OperationalError, InterfaceError)
DATABASE_UNAVAILABLE = ProblemType("database-unavailable", 503, "Database unavailable", retry_after=1)
OUTCOME_UNKNOWN = ProblemType("outcome-unknown", 503, "Outcome unknown", retry_after=1)

HTTP_PROBLEMS: Mapping[int, ProblemType] = {
    400: ProblemType("invalid-request", 400, "Invalid request"),
    401: ProblemType("not-authenticated", 401, "Not authenticated"),
    403: ProblemType("permission-denied", 403, "Permission denied"),
    404: ProblemType("not-found", 404, "Not found"),
    405: ProblemType("method-not-allowed", 405, "Method not allowed"),
    413: ProblemType("payload-too-large", 413, "Payload too large"),
    415: ProblemType("unsupported-media-type", 415, "Unsupported media type"),
    500: ProblemType("internal-error", 500, "Internal error"),
    503: ProblemType("identity-provider-unavailable", 503, "Identity provider unavailable", retry_after=1),
}


class Problem(exceptions.APIException):
    """A domain error on its way out."""

    def __init__(self, kind: ProblemType, detail: str) -> None:
        super().__init__(detail, code=kind.slug)
        self.kind = kind
        self.status_code = kind.status
        self.wait = kind.retry_after


class ProblemHandler(ExceptionHandler):
    """Turn what a view raised into a response; only what nobody expected is logged as an error."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if kind := DOMAIN_PROBLEMS.get(type(exc)):
            return Problem(kind, str(exc))
        if isinstance(exc, DATABASE_ERRORS):
            return self._database_problem()
        if isinstance(exc, exceptions.APIException):
            return exc
        converted: Exception = super().convert_known_exceptions(exc)
        return converted

    def _database_problem(self) -> Problem:
        """Say no more than is known: a write may have been committed although its confirmation was lost."""
        request = self.context["request"]
        if request and request.method in SAFE_METHODS:
            return Problem(DATABASE_UNAVAILABLE, "The database does not answer; try again.")
        return Problem(OUTCOME_UNKNOWN, "The database did not confirm the change; read before you repeat it.")

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        return Response(data, status=exc.status_code, headers=self.get_headers(exc), content_type=CONTENT_TYPE)

    def report_exception(self, exc: exceptions.APIException, response: Response) -> None:
        if exc.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("unexpected error", exc_info=self.exc)
        elif isinstance(self.exc, DATABASE_ERRORS):
            log.warning("database unavailable", reason=str(self.exc).strip())


class ProblemFormatter(ExceptionFormatter):
    """Shape an error as RFC 9457 says, with one `errors` entry for each thing that is wrong with the input."""

    def run(self) -> dict[str, Any]:
        kind = self.exc.kind if isinstance(self.exc, Problem) else HTTP_PROBLEMS[self.exc.status_code]
        request = self.context["request"]
        flat = flatten_errors(self.exc.detail)
        invalid = isinstance(self.exc, exceptions.ValidationError)
        return body(
            kind,
            detail="The request is not valid; see errors." if invalid else flat[0].detail,
            instance=request.path if request else "",
            errors=[
                {"pointer": _pointer(error.attr), "code": error.code, "detail": error.detail}
                for error in (flat if invalid else [])
            ],
        )


def _pointer(attribute: str | None) -> str:
    """Write DRF's path of a field as a JSON pointer (RFC 6901); the empty pointer is the whole body."""
    if not attribute or attribute == "non_field_errors":
        return ""
    return f"/{attribute.removesuffix('/non_field_errors')}"


def body(
    kind: ProblemType, *, detail: str, instance: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Write a problem's body: the shape that api clients rely on."""
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "errors": errors or [],
    }


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    problem = body(HTTP_PROBLEMS[status], detail=detail, instance=request.path)
    return JsonResponse(problem, status=status, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: SuspiciousOperation) -> HttpResponse:
    return _answer(request, 400, "The request is malformed.")


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "Something went wrong here; the request id finds it in the logs.")
