"""What a run was made on: the commit, the versions, the machine, and how idle it was."""

import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from stack.errors import StackError
from stack.gateway import nginx_command
from stack.places import REPOSITORY

from bench.load import find_wrk
from bench.server import DatabaseServer
from bench.trees import git

PACKAGES = ("Django", "djangorestframework", "gunicorn", "psycopg", "httpx", "fastapi", "uvicorn", "asyncpg")
WRITTEN_BY_US = ("docs/performance.md", "docs/performance.png", "docs/figures/")
FLUSHES = 200
PAGE = 8192  # bytes
BUSY = 5.0  # per cent of the processors, used by others
IDLE = "yes"


def describe(server: DatabaseServer) -> dict[str, str]:
    """Each fact by its name, but for `idle`."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    nginx = _last_number([*nginx_command(), "-v"])
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "machine": f"{_processor()}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}",
        "disk": f"a page is written and flushed in {flush_ms(Path(tempfile.gettempdir())):.2f} ms (median)",
        "python": _python(),
        "versions": f"Python {platform.python_version()}, PostgreSQL {server.version()}, nginx {nginx}, "
        f"wrk {_last_number([find_wrk(), '-v'])}, {packages}",
    }


def load_of_others(server: DatabaseServer, *, seconds: float = 3) -> float:
    """Watch for a moment. Return how much of the processors others use, in per cent, while no contender runs."""
    before, ours = psutil.cpu_times(), server.processor_seconds()
    time.sleep(seconds)
    after, ours = psutil.cpu_times(), server.processor_seconds() - ours
    idle = sum(getattr(after, name, 0) - getattr(before, name, 0) for name in ("idle", "iowait"))
    return max(0.0, 100 * (1 - (idle + ours) / (seconds * (psutil.cpu_count() or 1))))


def require_idle(look: Callable[[], float], *, may_be_busy: bool, patience: float = 60) -> float:
    """
    Wait until the machine is idle, and return what others use of it, in per cent.

    :param look: watches the machine for a moment, like `load_of_others`.
    :raises StackError: if it is not idle in time, unless it may be busy.
    """
    deadline = time.monotonic() + patience
    while (busy := look()) > BUSY and not may_be_busy:
        if time.monotonic() > deadline:
            raise StackError(
                f"This machine is not idle: others use {busy:.0f} % of its processors. Nothing is published from it. "
                "BUSY=yes measures all the same, and the page says so in red."
            )
    return busy


def idleness(busy: float) -> str:
    """What the report says of it."""
    return IDLE if busy <= BUSY else f"no, others used {busy:.0f} % of the processors"


def commit() -> str:
    """The commit that was measured, and whether anything differed from it."""
    sha = git("rev-parse", "--short", "HEAD").strip()
    changed = [line for line in git("status", "--porcelain").splitlines() if not line[3:].startswith(WRITTEN_BY_US)]
    return f"{sha}, with uncommitted changes" if changed else sha


def flush_ms(folder: Path) -> float:
    """How long it takes to write a page and to have it on disk, in milliseconds: the median."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for number in range(FLUSHES):
            os.pwrite(file.fileno(), b"x" * PAGE, number % 64 * PAGE)
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _python() -> str:
    """Which Python all contenders ran on, loudly if it is another one than that of the images."""
    here = platform.python_version()
    found = re.search(r"^FROM python:([\d.]+)", (REPOSITORY / "service_kit" / "Dockerfile").read_text(), re.MULTILINE)
    images = found[1] if found else "unknown"
    return f"Python {here}" if here.startswith(f"{images}.") else f"**Python {here}, while the images run {images}**"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (found := re.search(r"model name\s*: (.+)", cpuinfo.read_text())):
        return found[1]
    return platform.processor() or platform.machine()


def _last_number(command: Sequence[str]) -> str:
    """The version in what a program prints; some print it to standard error, some with a failure."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "unknown"
