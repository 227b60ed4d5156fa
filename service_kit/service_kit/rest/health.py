"""Probes: whether the process runs, and whether it can serve requests."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from service_kit.rest.methods import read_only


@read_only
def livez(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all: restart it when this fails."""
    return JsonResponse({"status": "alive", "version": settings.VERSION})


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database takes writes, else 503: send requests to another process meanwhile."""
    if _takes_writes():
        return JsonResponse({"status": "ready", "version": settings.VERSION})
    return JsonResponse({"status": "database unavailable", "version": settings.VERSION}, status=503)


def _takes_writes() -> bool:
    try:
        if connection.vendor == "postgresql":
            return connection.is_writable()  # type: ignore[attr-defined, no-any-return] # our own backend's
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
