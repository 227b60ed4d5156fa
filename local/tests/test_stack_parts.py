"""The parts of a stack can be stopped, killed, frozen and started again, and never outlive it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stack.errors import StackError
from stack.guard import Guard
from stack.part import Part

PROJECT = Path(__file__).parents[1]
# A program with a child, as gunicorn and nginx have; the child notes its process id once it runs.
PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path("child").write_text(str(child.pid))
time.sleep(60)
"""
# A stack in small: a guard and one part, until it is killed.
OWNER = """
import pathlib, sys, time
from stack.guard import Guard
from stack.part import Part
folder = pathlib.Path(sys.argv[1])
child = folder / "child"
is_written = lambda: child.exists() and child.read_text() != ""
guard = Guard()
guard.remove(folder / "temporary")
part = Part("p", [sys.executable, "-c", sys.argv[2]], folder, {}, folder / "log", guard, is_written)
part.start()
if len(sys.argv) > 3:
    part.freeze()
print(part.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def guard() -> Iterator[Guard]:
    with Guard() as running:
        yield running


def is_written(path: Path) -> bool:
    """Whether the file is there with what belongs in it: it is made before it is written."""
    return path.exists() and path.read_text() != ""


@pytest.fixture
def part(guard: Guard, tmp_path: Path) -> Part:
    return Part(
        name="parent",
        command=[sys.executable, "-c", PARENT],
        folder=tmp_path,
        environment={},
        log=tmp_path / "log",
        guard=guard,
        is_ready=lambda: is_written(tmp_path / "child"),
    )


def state(pid: int) -> str:
    """One letter: T is stopped, S asleep, Z ended and not yet noticed, none is gone."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return shown.stdout.strip()[:1]


def exists(pid: int) -> bool:
    return state(pid) not in {"", "Z"}


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 8
    while not (came_true := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return came_true


@pytest.mark.parametrize("end", [Part.stop, Part.kill])
def test_ending_a_part_ends_its_children_too(part: Part, tmp_path: Path, end: Callable[[Part], None]) -> None:
    part.start()
    pids = [part.pid, int((tmp_path / "child").read_text())]

    end(part)

    assert not part.is_alive()
    assert soon(lambda: not any(exists(pid) for pid in pids))


def test_a_frozen_part_stands_still_with_its_children_and_goes_on(part: Part, tmp_path: Path) -> None:
    part.start()
    child = int((tmp_path / "child").read_text())

    part.freeze()
    frozen = soon(lambda: state(part.pid) == state(child) == "T")
    part.thaw()

    assert frozen
    assert soon(lambda: state(part.pid) == state(child) == "S")
    part.kill()


def test_a_frozen_part_can_be_stopped(part: Part) -> None:
    part.start()
    pid = part.pid
    part.freeze()

    part.stop()

    assert not exists(pid)


def test_a_restarted_part_is_another_process(part: Part) -> None:
    part.start()
    before = part.pid

    part.restart()

    assert part.is_alive()
    assert part.pid != before
    part.kill()


def test_a_part_that_ends_instead_of_becoming_ready_says_why(guard: Guard, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such table')"]
    part = Part("broken", command, tmp_path, {}, tmp_path / "log", guard, is_ready=lambda: False)

    with pytest.raises(StackError, match="broken ended instead of becoming ready") as error:
        part.start()

    assert "no such table" in str(error.value)
    part.kill()


@pytest.mark.parametrize("frozen", [[], ["frozen"]], ids=["running", "frozen"])
def test_parts_and_temporary_folders_go_when_their_stack_is_killed(tmp_path: Path, frozen: list[str]) -> None:
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-c", OWNER, str(tmp_path), PARENT, *frozen]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pids = [int(owner.stdout.readline()), int((tmp_path / "child").read_text())]

        os.kill(owner.pid, signal.SIGKILL)

        assert soon(lambda: not any(exists(pid) for pid in pids))
        assert soon(lambda: not (tmp_path / "temporary").exists())
