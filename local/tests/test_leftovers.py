"""What a shop leaves behind that was killed together with its watchdog is removed by the next one, and nothing else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.leftovers import Leftovers, sweep
from tests.a_shop import soon

PROJECT = Path(__file__).parents[1]
# A stack in small: a guard with its journal, and one part that carries the folder's name in its environment.
OWNER = """
import pathlib, subprocess, sys, time
from stack.guard import Guard
run = pathlib.Path(sys.argv[1])
guard = Guard(run)
guard.remove(run)
part = subprocess.Popen(["sleep", "60"], env={"SHOP_RUN": str(run), "PATH": "/usr/bin:/bin"}, start_new_session=True)
guard.guard(part.pid)
print(part.pid, guard._watchdog.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "shop-test"
    folder.mkdir()
    return folder


@pytest.fixture
def owner(run: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(run)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as it:
        yield it
        it.kill()


def pids(owner: subprocess.Popen[str]) -> tuple[int, int]:
    assert owner.stdout is not None
    part, watchdog = owner.stdout.readline().split()
    return int(part), int(watchdog)


def exists(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return shown.stdout.strip()[:1] not in {"", "Z"}


def test_processes_and_folders_of_a_killed_shop_are_removed(owner: subprocess.Popen[str], run: Path) -> None:
    part, watchdog = pids(owner)
    os.kill(watchdog, signal.SIGKILL)
    owner.kill()
    owner.wait()

    swept = sweep(run.parent)

    assert swept == Leftovers(folders=1, processes=1)
    assert soon(lambda: not exists(part))
    assert not run.exists()


def test_a_shop_that_runs_is_left_alone(owner: subprocess.Popen[str], run: Path) -> None:
    part, _ = pids(owner)

    swept = sweep(run.parent)

    assert swept == Leftovers()
    assert exists(part)
    assert run.exists()


def test_a_process_that_got_the_number_of_one_of_the_shops_is_left_alone(run: Path) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:  # noqa: S607
        (run / "guarded").write_text(f"guard {stranger.pid}\n")

        swept = sweep(run.parent)

        assert swept == Leftovers(folders=1, processes=0)
        assert exists(stranger.pid)
        stranger.kill()
