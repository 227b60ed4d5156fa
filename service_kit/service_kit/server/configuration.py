"""How gunicorn serves a service: its `gunicorn.conf.py` imports all of this. The environment sets every number."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

from service_kit.telemetry.metrics_folder import make_metrics_folder

metrics_folder = make_metrics_folder()

from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from environs import EnvError  # noqa: E402
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402 - it asks for the folder when imported

from service_kit import debugger  # noqa: E402
from service_kit.server import reloading  # noqa: E402
from service_kit.server.preload import import_before_fork  # noqa: E402
from service_kit.server.repeated_headers import mark_repeated_headers  # noqa: E402
from service_kit.telemetry import exporter  # noqa: E402 - so does this

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.http.message import Request
    from gunicorn.workers.base import Worker


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or not int(text):
        sys.exit(f"{name} must be a whole number above 0, not {text!r}.")
    return int(text)


bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "service_kit.server.worker.KeepAliveWorker"
workers = _number("WEB_CONCURRENCY", os.environ.get("WEB_CONCURRENCY", "2"))
threads = _number("WEB_THREADS", os.environ.get("WEB_THREADS", "32"))
preload_app = False  # connections and clients belong to the process that uses them; `on_starting` loads only the code

# The gateway closes an idle connection first (its keep-alive is 60 s), so that it never writes into one that closes.
keepalive = 75
# A worker that does not answer its master for this long is replaced. Requests end by their own budgets long before. One
# that a debugger has stopped may wait for as long as somebody thinks.
timeout = 0 if os.environ.get("DEBUGPY") else 30
graceful_timeout = 15

# Two services of one user would share the control socket's default path.
control_socket_disable = True
# The limits of the gateway are stricter; these hold for requests that reach the socket without it.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 16384

accesslog = None  # service_kit.telemetry.request_log writes one line for each request
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()

# A web worker answers within its caller's budget. Management commands, migrations above all, may take longer.
os.environ.setdefault("DATABASE_LOCK_TIMEOUT_MS", "500")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "700")

metrics_bind = os.environ.get("METRICS_BIND", "")


def on_starting(server: "Arbiter") -> None:
    """
    Do what comes before the first connection, and before the fork.

    Importing takes seconds on a busy machine. A caller who could connect meanwhile would time out, and the worker would
    then execute a request that nobody waits for. The metrics' port is opened here so that all workers share it, and one
    that is taken ends the start.
    """
    try:
        debugger.configured()
        if metrics_bind:
            exporter.listener(metrics_bind)
        if server.cfg.reload:  # the workers import by themselves: else they would find the code of before the save
            reloading.prepare(server)
        else:
            import_before_fork()
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"{error}")  # it says which setting is wrong: a traceback would hide that


def pre_fork(server: "Arbiter", worker: "Worker") -> None:
    """Give a new worker the metric files of a dead one, so that their number does not grow."""
    if server.cfg.reload:
        reloading.start_again_if_stale(server)
    worker.metrics_slot = exporter.free_slot(other.metrics_slot for other in server.WORKERS.values())


def post_fork(server: "Arbiter", worker: "Worker") -> None:
    exporter.take_slot(worker.metrics_slot)


def post_worker_init(worker: "Worker") -> None:
    exporter.serve_as_worker(metrics_bind)
    debugger.listen()


def pre_request(worker: "Worker", request: "Request") -> None:
    mark_repeated_headers(request.headers)


def child_exit(server: "Arbiter", worker: "Worker") -> None:
    """Keep what a worker has counted, and no longer count it as alive."""
    mark_process_dead(worker.metrics_slot)  # type: ignore[no-untyped-call] # it carries no types


def on_exit(server: "Arbiter") -> None:
    shutil.rmtree(metrics_folder, ignore_errors=True)
