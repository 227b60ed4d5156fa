"""The one place where errors become HTTP: problem+json (RFC 9457), by the tables of `problem_types`."""

import sys
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from service_kit.rest.errors import PayloadTooLarge, PreconditionFailed, UnsupportedContentCoding
from service_kit.rest.idempotency import REPLAYED
from service_kit.rest.mistakes import listed_errors
from service_kit.rest.problem_types import (
    DATABASE_UNAVAILABLE,
    HTTP_PROBLEMS,
    OUTCOME_UNKNOWN,
    ProblemType,
    domain_kinds,
)

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger("api.problems")

# The database is down, or a lock was not obtained in time.
DATABASE_ERRORS = (OperationalError, InterfaceError)
# What Django refuses to read, or believes to be an attack: the client's mistake in any case.
MALFORMED = (SuspiciousOperation, BadRequest, MultiPartParserError)


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
        if kind := domain_kinds().get(type(exc)):
            return Problem(kind, str(exc))
        if isinstance(exc, DATABASE_ERRORS):
            return self._database_problem()
        if isinstance(exc, exceptions.APIException):
            return exc
        if isinstance(exc, RequestDataTooBig):
            return PayloadTooLarge()
        if isinstance(exc, MALFORMED):
            return exceptions.ParseError(_of_malformed(exc))
        converted: Exception = super().convert_known_exceptions(exc)
        return converted

    def _database_problem(self) -> Problem:
        """Say no more than is known: a write may have been committed although its confirmation was lost."""
        request = self.context["request"]
        if request and request.method in SAFE_METHODS:
            return Problem(DATABASE_UNAVAILABLE, "The database does not answer; try again.")
        return Problem(OUTCOME_UNKNOWN, "The database did not confirm the change; read before you repeat it.")

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        headers = self.get_headers(exc)
        if getattr(self.exc, "replayed", False):
            headers[REPLAYED] = "true"
        # RFC 9110, 15.5.16: which media type, or which content coding, would have been read.
        if isinstance(exc, exceptions.UnsupportedMediaType):
            headers["Accept"] = "application/json"
        elif isinstance(exc, UnsupportedContentCoding):
            headers["Accept-Encoding"] = "identity"
        return Response(data, status=exc.status_code, headers=headers, content_type=CONTENT_TYPE)

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
        instance = request.path if request else ""
        if not isinstance(self.exc, exceptions.ValidationError):
            return body(kind, detail=str(self.exc.detail), instance=instance)
        errors, more = listed_errors(self.exc.detail)
        return body(kind, detail=_of_invalid(len(errors), more), instance=instance, errors=errors)


def _of_invalid(listed: int, more: int) -> str:
    if more:
        return f"The request is not valid; errors has the first {listed} of {listed + more} mistakes."
    return "The request is not valid; see errors."


def _of_malformed(exc: Exception) -> str:
    if isinstance(exc, TooManyFieldsSent):
        return "The request has too many parameters."
    return "The request is malformed."


def body(
    kind: ProblemType, *, detail: str, instance: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Write a problem's body: the shape that API clients rely on."""
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 413, str(PayloadTooLarge.default_detail))
    return _answer(request, 400, _of_malformed(exception))


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_address(f"{request.path_info}/"):
        return _answer(request, 404, f"There is nothing at this address. Addresses end with a slash: {request.path}/")
    return _answer(request, 404, "There is nothing at this address. The contract at /docs/ lists the addresses.")


def method_not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """Answer a method that an address outside of the API does not have."""
    response = _answer(request, 405, f'Method "{request.method}" not allowed.')
    response["Allow"] = ", ".join(allowed)
    return response


def precondition_failed(request: HttpRequest) -> HttpResponse:
    return _answer(request, 412, str(PreconditionFailed.default_detail))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that was raised outside of the API's views, or when their answer was rendered."""
    log.error("unexpected error", exc_info=sys.exception())
    return _answer(request, 500, "Something went wrong here; the request id finds it in the logs.")


def _is_address(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
