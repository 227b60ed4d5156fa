"""Probes: whether the process lives, and whether it can do its work."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse


def livez(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can: a restart helps where this fails, and only there."""
    return JsonResponse({"status": "alive", "version": settings.VERSION})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, else 503: requests should go to another process meanwhile."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database unavailable", "version": settings.VERSION}, status=503)
    return JsonResponse({"status": "ready", "version": settings.VERSION})
