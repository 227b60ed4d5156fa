"""One log line for each request, under the request id that the gateway gave it."""

import logging
import time
from typing import TYPE_CHECKING

import structlog

from service_kit.telemetry import request_metrics as metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("api.requests")

PROBES = frozenset({"/livez", "/readyz", "/metrics"})


class RequestLog:
    """
    Add the request id to every log line of a request; when it is done, write its own line and count it.

    Body, query and token are never logged; path and route identify what was requested.
    """

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.META.get("HTTP_X_REQUEST_ID"))
        if group := request.META.get("HTTP_X_REQUEST_GROUP"):  # further requests of the caller that this one serves
            structlog.contextvars.bind_contextvars(request_group=group)
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else None
        seconds = time.perf_counter() - began
        metrics.request(request.method, route, response.status_code, seconds)
        # Probes and scrapers send requests every few seconds, and report failures themselves.
        log.log(
            logging.DEBUG if request.path in PROBES else logging.INFO,
            "request",
            method=request.method,
            path=request.path,
            route=route,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
            subject=getattr(getattr(request, "user", None), "subject", None),
        )
        return response
