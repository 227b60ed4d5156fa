"""What a run was made on: the commit, the versions, the machine, and how idle it was."""

import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from stack.gateway import nginx_command
from stack.places import REPOSITORY

from bench.load import find_wrk
from bench.server import DatabaseServer

PACKAGES = ("Django", "djangorestframework", "gunicorn", "psycopg", "httpx", "fastapi", "uvicorn", "asyncpg")
WRITTEN_BY_US = ("docs/performance.md", "docs/performance.png", "docs/figures/")
FLUSHES = 200
PAGE = 8192  # bytes
BUSY = 0.5  # of one core, used by others than us


def describe(server: DatabaseServer) -> Mapping[str, str]:
    """Each fact by its name."""
    python = f"Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    nginx = _last_number([*nginx_command(), "-v"])
    load = os.getloadavg()[0]
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "machine": f"{_processor()}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}",
        "disk": f"a page is written and flushed in {flush_ms(Path(tempfile.gettempdir())):.2f} ms (median)",
        "idle": "yes" if load < BUSY else f"no: the load average was {load:.1f} when it began",
        "versions": f"{python}, PostgreSQL {server.version()}, nginx {nginx}, wrk {_last_number([find_wrk(), '-v'])}, "
        f"{packages}",
    }


def commit() -> str:
    """The commit that was measured, and whether anything differed from it."""
    sha = _git("rev-parse", "--short", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line[3:].startswith(WRITTEN_BY_US)]
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


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (found := re.search(r"model name\s*: (.+)", cpuinfo.read_text())):
        return found[1]
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S607 - the git on PATH
    return done.stdout.strip("\n")


def _last_number(command: Sequence[str]) -> str:
    """The version in what a program prints; some print it to standard error, some with a failure."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "unknown"
