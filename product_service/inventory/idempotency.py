"""The Idempotency-Key header: under which key a caller may repeat a request."""

import re

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

HEADER = "Idempotency-Key"
PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)


def idempotency_key(request: Request) -> str | None:
    """
    Read the key, if there is one.

    :raises ValidationError: if it is not 1 to 255 printable ASCII characters.
    """
    key: str | None = request.headers.get(HEADER)
    if key is not None and not PRINTABLE.fullmatch(key):
        raise ValidationError(
            {HEADER: [ErrorDetail("1 to 255 printable ASCII characters are required.", code="invalid")]}
        )
    return key
