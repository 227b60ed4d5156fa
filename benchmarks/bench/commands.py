"""The command lines of gunicorn and uvicorn for the contenders that live in `contenders/`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stack.environment import plain_environment
from stack.keys import AUDIENCE, ISSUER
from stack.places import REPOSITORY

from bench.contender import Program, Site
from bench.load import BENCHMARKS

SHOP_CODE = f"{REPOSITORY / 'service_kit'}:{REPOSITORY / 'order_service'}"
"""For the shop's worker and its group commit, which tuned contenders use too."""
KEEP_ALIVE = "service_kit.server.worker.KeepAliveWorker"
UVICORN_WORKERS = 2  # for each of two services


@dataclass(frozen=True)
class Topology:
    """How gunicorn spreads requests: how many processes, and how many threads in each (0: the sync worker)."""

    workers: int
    threads: int = 0
    worker_class: str = "gthread"  # of those with threads

    def __str__(self) -> str:
        return f"{self.workers} x {self.threads} threads" if self.threads else f"{self.workers} sync workers"

    def options(self) -> list[str]:
        threads = ["--worker-class", self.worker_class, "--threads", str(self.threads)] if self.threads else []
        return ["--workers", str(self.workers), *threads]


def django_program(
    site: Site, name: str, *, settings: str, topology: Topology, is_tuned: bool, serves: Sequence[str]
) -> Program:
    """
    A contender on Django, run by gunicorn.

    :param name: also that of its database.
    :param settings: its name in contenders/settings.py.
    :param is_tuned: whether it listens on a unix socket with a long keep-alive; otherwise on TCP with the default.
    """
    address = site.socket(name) if is_tuned else site.port()
    # Contenders of one user would share the control socket's default path.
    command = [sys.executable, "-m", "gunicorn", "contenders.wsgi", "--bind", address, "--no-control-socket"]
    variables = {
        "DJANGO_SETTINGS_MODULE": "contenders.settings",
        "PYTHONPATH": SHOP_CODE,
        "CONTENDER": settings,
        "DATABASE": site.database(name),
        "PRODUCTS_URL": site.internal_url,
        "AUTH_JWKS": str(site.keys.issuer_public),
        "AUTH_ISSUER": ISSUER,
        "AUTH_AUDIENCE": AUDIENCE,
    }
    keep_alive = ["--keep-alive", "75"] if is_tuned else []
    return Program(
        name=name,
        command=[*command, *topology.options(), *keep_alive],
        folder=BENCHMARKS,
        environment={**plain_environment(), **variables},
        address=address,
        serves=serves,
    )


def uvicorn(site: Site, name: str, *, module: str, environment: Mapping[str, str]) -> Program:
    """A contender's service, run by uvicorn."""
    address = site.socket(name)
    options = ["--uds", address.removeprefix("unix:"), "--workers", str(UVICORN_WORKERS), "--no-access-log"]
    quick = ["--loop", "uvloop", "--http", "httptools", "--log-level", "warning"]
    return Program(
        name=name,
        command=[sys.executable, "-m", "uvicorn", f"contenders.{module}:app", *options, *quick],
        folder=BENCHMARKS,
        environment={**plain_environment(), "PRODUCTS_URL": site.internal_url, **environment},
        address=address,
        serves=[name],
    )
