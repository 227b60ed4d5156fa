"""The answers of views: JSON, written at once, with none of a template's life cycle."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse


def answer(
    body: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> HttpResponse:
    """Return a body of JSON's own types, which is what output serializers show, as an answer."""
    content = msgspec.json.encode(body)
    return HttpResponse(content, status=status, headers=dict(headers or {}), content_type=content_type)
