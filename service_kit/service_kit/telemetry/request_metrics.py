"""The metrics of every request, and the page that exposes them (docs/operations.md, "Metrics")."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram
from prometheus_client.exposition import choose_encoder

from service_kit.telemetry import exporter

SECONDS = Histogram(
    "http_request_duration_seconds",
    "Seconds from a request's arrival in the service to its answer; probes are not counted.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOT_COUNTED = frozenset({"livez", "readyz", "metrics"})  # routes that probes and scrapers request every few seconds


def request(method: str | None, route: str | None, status: int, seconds: float) -> None:
    """Count one request. `route` is the pattern that matched its path, None if none did."""
    if route not in NOT_COUNTED:
        known = method if method in METHODS else "other"  # a client may make up any number of methods
        SECONDS.labels(known, route or "none", str(status)).observe(seconds)


def metrics(request: HttpRequest) -> HttpResponse:
    """Expose the metrics of all processes of this gunicorn. Behind a gateway, any of several instances may answer."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(exporter.registry()), content_type=content_type)
