"""The command lines of gunicorn for the contenders that live in `contenders/`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stack.environment import plain_environment
from stack.places import REPOSITORY

from bench.contender import Program
from bench.load import BENCHMARKS

SHOP_CODE = f"{REPOSITORY / 'service_kit'}:{REPOSITORY / 'order_service'}"
"""For the shop's worker and its group commit, which tuned contenders use too."""


@dataclass(frozen=True)
class Topology:
    """How gunicorn spreads requests: how many processes, and how many threads in each (0: the sync worker)."""

    workers: int
    threads: int = 0
    worker_class: str = "gthread"  # of those with threads

    def __str__(self) -> str:
        return f"{self.workers} x {self.threads} threads" if self.threads else f"{self.workers} sync workers"

    def options(self) -> list[str]:
        if not self.threads:
            return ["--workers", str(self.workers)]
        return ["--workers", str(self.workers), "--worker-class", self.worker_class, "--threads", str(self.threads)]


def gunicorn(
    name: str,
    *,
    settings: str,
    address: str,
    topology: Topology,
    environment: Mapping[str, str],
    options: Sequence[str] = (),
) -> Program:
    """One of a contender's programs, run by gunicorn from the folder of the benchmarks."""
    # Contenders of one user would share the control socket's default path.
    command = [sys.executable, "-m", "gunicorn", "contenders.wsgi", "--bind", address, "--no-control-socket"]
    return Program(
        name=name,
        command=[*command, *topology.options(), *options],
        folder=BENCHMARKS,
        environment={
            **plain_environment(),
            "PYTHONPATH": SHOP_CODE,
            "DJANGO_SETTINGS_MODULE": settings,
            **environment,
        },
        address=address,
    )


def migrate(settings: str) -> list[str]:
    """The command that makes a contender's tables."""
    return [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--no-input", "--settings", settings]
