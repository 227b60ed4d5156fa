"""Exposes the metrics of a process, or of all workers of one gunicorn, to scrapers at a separate address."""

import itertools
import os
import socket
import sys
import threading
from collections.abc import Iterable
from functools import cache
from http.server import ThreadingHTTPServer
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, MetricsHandler, disable_created_metrics, values
from prometheus_client.multiprocess import MultiProcessCollector

REQUEST_TIMEOUT = 5.0  # seconds that a scraper has for sending its request

# Otherwise each counter has another series, for the time at which it was created.
disable_created_metrics()  # type: ignore[no-untyped-call] # it carries no types

_process = {"slot": 0}
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # By default the library creates new files for every process that ever ran, and reads all of them at each scrape.
    values.ValueClass = values.MultiProcessValue(lambda: _process["slot"])  # type: ignore[no-untyped-call]


def free_slot(taken: Iterable[int]) -> int:
    """Return the smallest number, from 1, that no living worker has. The master has 0."""
    numbers = set(taken)
    return next(slot for slot in itertools.count(1) if slot not in numbers)


def take_slot(slot: int) -> None:
    """Reuse the metric files of the last process with this number. No two living processes may have the same one."""
    _process["slot"] = slot


@cache
def registry() -> CollectorRegistry:
    """Return the metrics to expose: those of all processes of this gunicorn, or of this process without gunicorn."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call] # it carries no types
    return together


@cache
def listener(address: str) -> socket.socket:
    """
    Listen at `host:port` for scrapers. Opened before the fork, it is all workers', and any of them answers.

    :raises ImproperlyConfigured: if that is no address, or is taken.
    """
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=16)
    except (OSError, OverflowError, ValueError) as error:
        raise ImproperlyConfigured(f"METRICS_BIND: there is no listening at {address!r}: {error}") from error
    opened.settimeout(0.0)  # one request wakes several workers: those that come too late must not block
    return opened


def serve(address: str) -> None:
    """Answer scrapers at `host:port`, at every path, in threads that end with the process."""
    server = _Server(listener(address))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def serve_as_worker(address: str) -> None:
    """Count this process as a worker of its gunicorn, and answer scrapers at `host:port`, unless that is empty."""
    Gauge("gunicorn_workers", "Worker processes that are alive.", multiprocess_mode="livesum").set(1)
    if address:
        serve(address)


class _Server(ThreadingHTTPServer):
    def __init__(self, opened: socket.socket) -> None:
        handler = MetricsHandler.factory(registry())
        handler.timeout = REQUEST_TIMEOUT  # type: ignore[attr-defined] # it is declared as any class
        super().__init__(opened.getsockname()[:2], handler, bind_and_activate=False)
        self.socket.close()
        self.socket = opened

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        connection.settimeout(None)  # on some systems it inherits the listener's timeout
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a scraper that closed its connection; write any other error to standard error."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)
