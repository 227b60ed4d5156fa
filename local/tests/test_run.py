"""`make run` is ready soon, prints what to do next, and its commands work when they are pasted."""

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from driver.waiting import eventually
from stack.claim import running_shop
from stack.environment import plain_environment
from stack.places import REPOSITORY
from stack.ports import free_ports

LONGEST_START = 15.0  # seconds of processor time, on a busy machine: an idle one with two cores takes 3 by the clock


@dataclass(frozen=True)
class Run:
    """A shop that runs in a terminal."""

    process: subprocess.Popen[str]
    output: str
    data: Path
    processor_time: float  # in seconds, of all its processes, until it printed that it was open


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """What `make run` starts, in a folder and on ports of its own."""
    port, internal_port = free_ports(2)
    data = tmp_path_factory.mktemp("data")
    options = {"--port": port, "--internal-port": internal_port, "--data": data}
    started = subprocess.Popen(
        [sys.executable, "-m", "commands", "run", *(str(part) for option in options.items() for part in option)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        try:
            assert started.stdout is not None
            lines = []
            for line in started.stdout:
                lines.append(line)
                if line.startswith("Ctrl-C"):
                    break
            assert lines, "it did not start; the reason is on standard error"
            yield Run(started, "".join(lines), data, _processor_time(psutil.Process(started.pid)))
        finally:
            started.send_signal(signal.SIGINT)


def _processor_time(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(sum(member.cpu_times()[:4]) for member in family)  # its own, and that of children which have ended


def addresses(output: str, name: str) -> list[str]:
    (line,) = [line for line in output.splitlines() if line.split()[:1] == [name]]
    return re.findall(r"http://\S+", line)


def test_it_is_ready_soon(run: Run) -> None:
    assert run.processor_time < LONGEST_START


@pytest.mark.parametrize("name", ["public", "docs", "internal", "admin", "metrics"])
def test_the_addresses_that_it_names_lead_somewhere(run: Run, name: str) -> None:
    answers = {
        address: httpx.get(address, follow_redirects=True).status_code for address in addresses(run.output, name)
    }

    assert answers
    assert set(answers.values()) <= {200, 401}, answers  # orders need a token


def test_the_first_order_is_placed_by_pasting_what_it_prints(run: Run) -> None:
    pasted = run.output[run.output.index("curl ") : run.output.index("Ctrl-C")]

    done = subprocess.run(
        ["/bin/sh", "-c", pasted],
        cwd=REPOSITORY,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("HTTP/1.1 201 Created"), done.stdout + done.stderr
    assert '"quantity":2' in done.stdout


def test_nobody_else_may_read_its_keys_databases_and_logs_or_connect_to_its_sockets(run: Run) -> None:
    shop = running_shop(run.data)
    assert shop is not None

    kept, temporary = list(run.data.rglob("*")), Path(shop.run)
    sockets = [path for path in temporary.rglob("*") if path.is_socket()]

    assert {path.suffix for path in kept} >= {".sqlite3", ".log", ".json"}
    assert "issuer_private" in {path.name for path in kept}
    assert len(sockets) == 4
    assert [path for path in [*kept, temporary, *sockets] if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_ctrl_c_closes_it(run: Run) -> None:
    family = psutil.Process(run.process.pid).children(recursive=True)

    run.process.send_signal(signal.SIGINT)
    rest, _ = run.process.communicate(timeout=30)

    assert run.process.returncode == 0
    assert rest.endswith("\nClosed.\n")
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_ctrl_c_while_it_starts_ends_it_without_a_traceback(tmp_path: Path) -> None:
    port, internal_port = free_ports(2)
    options = ["--port", str(port), "--internal-port", str(internal_port), "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        [sys.executable, "-m", "commands", "run", *options],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a terminal sends Ctrl-C to all of the group
    ) as starting:
        assert eventually((tmp_path / "data" / "keys").exists, bool, within=60)
        os.killpg(starting.pid, signal.SIGINT)
        printed, _ = starting.communicate(timeout=60)

    assert starting.returncode == 0
    assert printed == "\nClosed.\n"
