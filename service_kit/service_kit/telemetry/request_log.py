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
    Bind the request id to every line that this request causes, and write its own line and count it when it is done.

    Neither body nor query nor token is written: a path and a route say what was asked.
    """

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.META.get("HTTP_X_REQUEST_ID"))
        if group := request.META.get("HTTP_X_REQUEST_GROUP"):  # of the caller's other requests that this one answers
            structlog.contextvars.bind_contextvars(request_group=group)
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else None
        seconds = time.perf_counter() - began
        metrics.request(request.method, route, response.status_code, seconds)
        # Probes and scrapers come all the time, and say in their own way when something is wrong.
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
