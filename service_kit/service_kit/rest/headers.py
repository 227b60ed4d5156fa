"""Request headers that decide something: each at most once, and never empty."""

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

SINGLE_HEADERS = {  # as WSGI names them
    "Authorization": "HTTP_AUTHORIZATION",
    "Content-Encoding": "HTTP_CONTENT_ENCODING",
    "Idempotency-Key": "HTTP_IDEMPOTENCY_KEY",
    "If-Match": "HTTP_IF_MATCH",
    "If-Modified-Since": "HTTP_IF_MODIFIED_SINCE",
    "If-None-Match": "HTTP_IF_NONE_MATCH",
    "If-Unmodified-Since": "HTTP_IF_UNMODIFIED_SINCE",
}
# A comma in a value proves nothing: an idempotency key may have one. Only the server sees the lines of a request; it
# names here what came more than once (service_kit.server.repeated_headers), and a gateway may do the same.
REPEATED_HEADERS = "HTTP_X_REPEATED_HEADERS"


def refuse_ambiguous_headers(request: Request) -> None:
    """Raise a ValidationError that names every header of `SINGLE_HEADERS` that is empty or came more than once."""
    headers = request.META
    repeated = headers.get(REPEATED_HEADERS, "").lower().split(",")
    mistakes = {}
    for name, key in SINGLE_HEADERS.items():
        value = headers.get(key)
        if value is None:
            continue
        if name.lower() in repeated:
            mistakes[name] = [ErrorDetail("This header is given more than once.", code="repeated")]
        elif not value.strip():
            mistakes[name] = [ErrorDetail("This header is empty: leave it out, or give it a value.", code="empty")]
    if mistakes:
        raise ValidationError(mistakes)
