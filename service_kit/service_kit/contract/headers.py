"""The headers that answers have by their status, whichever operation it is."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from service_kit.rest.problem_types import ProblemType

REQUEST_ID = {
    "schema": {"type": "string"},
    "description": "Finds the request in the logs. The gateway sets it, on its own answers too.",
}
RETRY_AFTER = {
    "schema": {"type": "integer", "minimum": 1, "maximum": 3600},
    "description": "After how many seconds to try again.",
}
CHALLENGE = {"schema": {"type": "string"}, "description": "What is wrong with the access token (RFC 6750, 3)."}
ACCEPT = {"schema": {"type": "string"}, "description": "The media type that is read."}
ACCEPT_ENCODING = {"schema": {"type": "string"}, "description": "`identity`: a compressed body is not read."}


def answer_headers(status: int, kinds: Sequence[ProblemType]) -> Mapping[str, Any]:
    """Return the headers, by name, of the answers with a status, which `kinds` of problems are answered with."""
    headers: dict[str, Any] = {"X-Request-ID": REQUEST_ID}
    if any(kind.retry_after for kind in kinds):
        headers["Retry-After"] = RETRY_AFTER
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        headers["WWW-Authenticate"] = CHALLENGE
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        headers |= {"Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
    return headers
