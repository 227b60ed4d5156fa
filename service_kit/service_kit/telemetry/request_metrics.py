"""What is counted of every request, and the page that tells it (docs/operations.md, "Metrics")."""

from collections.abc import Callable

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
NOT_COUNTED = frozenset({"livez", "readyz", "metrics"})
"""Routes that are asked all the time, by machines."""

Observe = Callable[[float], None]
# To find a child by its labels costs more than to observe with it.
_observers: dict[tuple[str | None, str | None, int], Observe] = {}


def request(method: str | None, route: str | None, status: int, seconds: float) -> None:
    """
    Count one request.

    :param route: the pattern that matched its path, None if none did.
    """
    observe = _observers.get((method, route, status)) or _observer(method, route, status)
    observe(seconds)


def _observer(method: str | None, route: str | None, status: int) -> Observe:
    if route in NOT_COUNTED:
        observe: Observe = _ignore
    else:
        known = method if method in METHODS else "other"
        observe = SECONDS.labels(known, route or "none", str(status)).observe
    if method in METHODS:  # a client may make as many other ones up as it likes
        _observers[method, route, status] = observe
    return observe


def _ignore(seconds: float) -> None:
    """Count nothing."""


def metrics(request: HttpRequest) -> HttpResponse:
    """Tell the metrics of all processes of this gunicorn. Who asks a gateway in front of several meets any of them."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(exporter.registry()), content_type=content_type)
