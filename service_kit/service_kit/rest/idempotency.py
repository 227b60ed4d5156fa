"""The Idempotency-Key header: the client's name for a request, by which a repeat of it is recognized."""

import re

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

HEADER = "Idempotency-Key"
META_HEADER = "HTTP_IDEMPOTENCY_KEY"  # as WSGI names it
REPLAYED = "Idempotent-Replayed"
PRINTABLE_ASCII = re.compile(r"[ -~]{1,255}", re.ASCII)


def idempotency_key(request: Request) -> str | None:
    """Read the key, None without one; raise ValidationError unless it is 1 to 255 printable ASCII characters."""
    key: str | None = request.META.get(META_HEADER)
    if key is not None and not PRINTABLE_ASCII.fullmatch(key):
        raise ValidationError({HEADER: [ErrorDetail("1 to 255 printable ASCII characters.", code="invalid")]})
    return key
