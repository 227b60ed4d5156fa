"""Request headers that decide something: each at most once, and never empty."""

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

SINGLE_HEADERS = (
    "Authorization",
    "Content-Encoding",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
)
# A comma in a value proves nothing: an idempotency key may have one. Only the server sees the lines of a request; it
# names here what came more than once (service_kit.server.repeated_headers), and a gateway may do the same.
REPEATED_HEADERS = "X-Repeated-Headers"


def refuse_ambiguous_headers(request: Request) -> None:
    """Raise a ValidationError that names every header of `SINGLE_HEADERS` that is empty or came more than once."""
    headers = request.META
    repeated = headers.get(_in_wsgi(REPEATED_HEADERS), "").lower().split(",")
    mistakes = {}
    for name, key in _SINGLE:
        value = headers.get(key)
        if value is None:
            continue
        if name.lower() in repeated:
            mistakes[name] = [ErrorDetail("This header is given more than once.", code="repeated")]
        elif not value.strip():
            mistakes[name] = [ErrorDetail("This header is empty: leave it out, or give it a value.", code="empty")]
    if mistakes:
        raise ValidationError(mistakes)


def _in_wsgi(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"


_SINGLE = tuple((name, _in_wsgi(name)) for name in SINGLE_HEADERS)
