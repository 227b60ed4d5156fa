"""The metrics of a process and of those that count together with it, for a scraper, at an address of their own."""

import itertools
import os
import socket
import sys
import threading
from collections.abc import Iterable
from functools import cache
from http.server import ThreadingHTTPServer
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, MetricsHandler, disable_created_metrics, values
from prometheus_client.multiprocess import MultiProcessCollector

PATIENCE = 5.0
"""Seconds that a scraper has for its request."""

# Each counter would be followed by a series that nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call] # it carries no types

_process = {"slot": 0}
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # The library would begin new files for every process there ever was, and read all of them at each scrape.
    values.ValueClass = values.MultiProcessValue(lambda: _process["slot"])  # type: ignore[no-untyped-call]


def free_slot(taken: Iterable[int]) -> int:
    """Return the first number, from 1, that none of the living workers has. The master's own is 0."""
    numbers = set(taken)
    return next(slot for slot in itertools.count(1) if slot not in numbers)


def take_slot(slot: int) -> None:
    """Go on counting, in this process, where the last one with this number stopped. No two living ones may have it."""
    _process["slot"] = slot


@cache
def registry() -> CollectorRegistry:
    """Return what is to be told: of all processes of this gunicorn together, or else of this process alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call] # it carries no types
    return together


@cache
def listener(address: str) -> socket.socket:
    """
    Listen at `host:port` for scrapers. Opened before the fork, it belongs to all workers, and any of them answers.

    :raises OSError: if the port is taken.
    """
    host, _, port = address.rpartition(":")
    opened = socket.create_server((host.strip("[]"), int(port)), family=_family(host), backlog=16)
    opened.settimeout(0.0)  # two workers are woken by one scraper: the slower one goes on waiting
    return opened


def serve(address: str) -> None:
    """Answer scrapers at `host:port`, in threads that end with the process; every path has the metrics."""
    server = _Server(listener(address))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def serve_as_worker(address: str) -> None:
    """Count this process among its gunicorn's workers; answer scrapers at `host:port`, or nowhere for an empty one."""
    Gauge("gunicorn_workers", "Worker processes that are alive.", multiprocess_mode="livesum").set(1)
    if address:
        serve(address)


class _Server(ThreadingHTTPServer):
    def __init__(self, opened: socket.socket) -> None:
        handler = MetricsHandler.factory(registry())
        handler.timeout = PATIENCE  # type: ignore[attr-defined] # it is declared as any class
        super().__init__(opened.getsockname()[:2], handler, bind_and_activate=False)
        self.socket.close()
        self.socket = opened

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        connection.settimeout(None)  # some systems hand the listener's manner down
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a scraper go that hung up, and say on standard error what else went wrong."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
