"""The way from one service's admin to the others'."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def other_admins(request: HttpRequest) -> Mapping[str, Any]:
    """Return what templates know of the other admins: their addresses at the gateway, by name."""
    return {"other_admins": settings.OTHER_ADMINS}  # type: ignore[misc] # `admin_settings` sets it
