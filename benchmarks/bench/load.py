"""The load: wrk, which places orders over loopback, and what it measured."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

BENCHMARKS = Path(__file__).resolve().parents[1]
TIMEOUT = 10  # seconds after which wrk gives an answer up


@dataclass(frozen=True)
class Load:
    """What wrk saw. `refused` are answers outside 2xx and 3xx, `failed` connections that broke or timed out."""

    seconds: float
    requests: int
    refused: int
    failed: int
    p50_ms: float
    p99_ms: float

    @property
    def answered(self) -> int:
        """How many good answers there were."""
        return self.requests - self.refused

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return self.answered / self.seconds


def find_wrk() -> str:
    """
    Find the load generator.

    :raises StackError: if it is not installed.
    """
    if found := shutil.which("wrk"):
        return found
    raise StackError("wrk was not found. Install it (apt-get install wrk, brew install wrk) and try again.")


def run_load(url: str, *, clients: int, seconds: float, environment: Mapping[str, str]) -> Load:
    """
    Keep `clients` connections busy for a while, each with one request at a time.

    :param environment: what lua/mix.lua reads besides PATH.
    :raises StackError: if wrk could not do it.
    """
    command = [find_wrk(), "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", f"--timeout={TIMEOUT}s"]
    done = subprocess.run(
        [*command, "-s", "lua/mix.lua", url],
        cwd=BENCHMARKS,
        env={"PATH": os.environ.get("PATH", os.defpath), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(f"wrk failed.\n{done.stdout}{done.stderr}")
    return parse_summary(done.stdout)


def parse_summary(printed: str) -> Load:
    """
    Read the line that lua/summary.lua prints.

    :raises StackError: if it is not there.
    """
    for line in printed.splitlines():
        if line.startswith("SUMMARY "):
            return Load(**json.loads(line.removeprefix("SUMMARY ")))
    raise StackError(f"wrk printed no summary.\n{printed}")
