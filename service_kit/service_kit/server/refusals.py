"""What gunicorn refuses before a view sees it, as problems where gunicorn would write pages."""

import msgspec
from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)

# Not the module that writes the other problems: it imports the framework, which the master process must not do.
from service_kit.rest.problem_types import GATEWAY_PROBLEMS, HTTP_PROBLEMS

OF_THE_SERVICE = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)
_KINDS = {kind.slug: kind for kind in (*GATEWAY_PROBLEMS, HTTP_PROBLEMS[500])}


def is_refusal(error: BaseException) -> bool:
    """Whether gunicorn cannot read the request, by no fault of the service."""
    return isinstance(error, ParseException) and not isinstance(error, OF_THE_SERVICE)


def problem_of(error: BaseException) -> bytes:
    """Return the whole answer to a request that failed in gunicorn."""
    slug, detail = _described(error)
    kind = _KINDS[slug]
    content = msgspec.json.encode(
        {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": detail, "instance": "", "errors": []}
    )
    head = (
        f"HTTP/1.1 {kind.status} {kind.title}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _described(error: BaseException) -> tuple[str, str]:
    if not is_refusal(error):
        return "internal-error", "Something went wrong here; the request id finds it in the logs."
    if isinstance(error, LimitRequestHeaders):
        return "headers-too-large", "The headers are larger than this service takes."
    if isinstance(error, LimitRequestLine):
        return "uri-too-long", "The address is longer than this service takes."
    return "malformed-request", "The request is not well-formed HTTP, or a header that may come once came twice."
