"""What `gunicorn --reload` needs to answer with new code, and to survive code that cannot be imported."""

import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.util import make_fail_app

import service_kit
from service_kit.server.preload import import_views
from service_kit.server.worker import KeepAliveWorker

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.glogging import Logger
    from gunicorn.workers.base import Worker

LOOK_EVERY = 0.3  # seconds between two looks at the files
LIBRARIES = (
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.state",
    "django.db.models.functions",
    "django.forms",
    "environs",
    "inflection",
    "jsonschema",
    "jwt.algorithms",
    "marshmallow",
    "psycopg",
    "structlog",
    "uritemplate",
    "yaml",
)
"""What takes most of the time that importing a service takes, and reads no settings: nobody edits it."""

UNAPPLIED = "Not in the database: %s%s. `manage.py migrate` does it, or the next `make run`, `docker compose up`."
IMPORT = "import runpy, sys; runpy.run_path(sys.argv[1])"

_imported_by_master: dict[str, int] = {}


class ReloadingWorker(KeepAliveWorker):
    """Imports all of the service when it starts, and ends soon after a save."""

    def load_wsgi(self) -> None:
        """Answer every request with the traceback where the code cannot be imported, until the next save."""
        # gunicorn's own would miss a save while the code is imported, and files that could not be.
        self.reloader: Any = SaveWatcher(self.reloader._callback, before=dict(_sources()))  # noqa: SLF001
        try:
            self.wsgi = self.app.wsgi()
            import_views()
        except Exception:
            self.log.exception("The code cannot be imported. The next save is tried.")
            self.wsgi = make_fail_app(traceback.format_exc())
        else:
            later = threading.Timer(1.0, _name_unapplied, [self.log])  # the first answers come first
            later.daemon = True
            later.start()

    def _cap_keepalive(self, deadline: float) -> None:
        """Close idle connections at once: on those that linger, old code would answer."""
        super()._cap_keepalive(min(deadline, time.monotonic()))


class SaveWatcher(threading.Thread):
    """Calls back once, when a file of the service or the kit is no longer as it was before."""

    def __init__(self, callback: Callable[[str], None], *, before: Mapping[str, int]) -> None:
        super().__init__(name="saves", daemon=True)
        self.callback = callback
        self.before = before

    def run(self) -> None:
        while not (changed := dict(_sources()).items() ^ self.before.items()):
            time.sleep(LOOK_EVERY)
        self.callback(min(path for path, _ in changed))


def prepare(server: "Arbiter") -> None:
    """Have the workers of this gunicorn reload. Called before there are any."""
    for library in LIBRARIES:
        import_module(library)
    server.worker_class = ReloadingWorker
    server.cfg.set("worker_int", _wake)
    imported = {getattr(module, "__file__", None) for module in tuple(sys.modules.values())}
    own = {*imported, str(Path(server.cfg.config).resolve())}
    _imported_by_master.update((path, saved) for path, saved in _sources() if path in own)


def start_again_if_stale(server: "Arbiter") -> None:
    """
    Replace the master by a new one if its own code has changed: workers inherit what it has imported.

    Code that cannot be imported would end the new one. The old one goes on until the save that repairs it.
    """
    if _imported_by_master.items() <= dict(_sources()).items():
        return
    tried = subprocess.run(  # noqa: S603 - the interpreter and the file that run already
        [sys.executable, "-c", IMPORT, server.cfg.config], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        server.log.error("gunicorn's own configuration cannot be imported. The next save is tried.\n%s", tried.stderr)
        return
    server.log.info("gunicorn's own configuration has changed: it starts again.")
    server.kill_workers(signal.SIGKILL)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the command that started this process


def _wake(worker: "Worker") -> None:
    """End the wait for events, in which a worker would notice only after a second that it is to end."""
    worker.method_queue.defer(lambda: None)


def _name_unapplied(log: "Logger") -> None:
    """Say which migrations the database lacks: the errors that come of it do not."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - they would ask for the settings too early
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
        missing = [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    except DatabaseError:  # without a database there are other errors to see
        return
    except Exception:
        log.exception("The migrations cannot be imported.")
        return
    finally:
        connection.close()
    if missing:
        log.warning(UNAPPLIED, ", ".join(missing[:3]), ", ..." if missing[3:] else "")


def _sources() -> Iterator[tuple[str, int]]:
    """Every Python file that a developer edits, in the service's folder and in the kit, and when it was saved."""
    for root in (Path.cwd(), Path(service_kit.__file__).parent):
        for folder, subfolders, files in os.walk(root):
            subfolders[:] = [name for name in subfolders if not name.startswith((".", "__"))]
            for path in (f"{folder}/{name}" for name in files if name.endswith(".py")):
                try:
                    yield path, Path(path).stat().st_mtime_ns
                except FileNotFoundError:
                    continue
