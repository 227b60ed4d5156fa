"""Which instances of a service the gateway of compose is connected with."""

import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from driver.stand_in import StandIn
from stack.places import REPOSITORY

SLOTS = ["1.sock", "2.sock", "3.sock", "4.sock"]


def load_switchboard() -> ModuleType:
    spec = importlib.util.spec_from_file_location("switchboard", REPOSITORY / "compose" / "switchboard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


switchboard = load_switchboard()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="board-") as name:  # short: a socket's address holds about 100 bytes
        yield Path(name)


def linked(folder: Path) -> list[str]:
    return [str((folder / slot).readlink()) for slot in SLOTS if (folder / slot).is_symlink()]


def test_several_links_lead_to_one_copy_when_there_are_few(folder: Path) -> None:
    with StandIn("a", folder / "a.sock"), StandIn("b", folder / "b.sock"):
        is_complete = switchboard.Board(folder).connect(0.0)

    assert is_complete
    assert linked(folder) == ["a.sock", "b.sock", "a.sock", "b.sock"]


def test_without_a_ready_copy_there_is_no_link_yet(folder: Path) -> None:
    is_complete = switchboard.Board(folder).connect(0.0)

    assert not is_complete
    assert linked(folder) == []


def test_a_killed_copy_is_passed_over_in_the_next_round(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"):
        with StandIn("b", folder / "b.sock"):
            board.connect(0.0)
        board.connect(0.2)

    assert linked(folder) == ["a.sock"] * 4


def test_a_copy_that_hangs_is_passed_over_when_it_is_asked_again(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"), StandIn("b", folder / "b.sock") as hanging:
        board.connect(0.0)
        hanging.answers.clear()
        board.connect(1.0)
        before = linked(folder)
        board.connect(2.0)

    assert before == ["a.sock", "b.sock", "a.sock", "b.sock"]
    assert linked(folder) == ["a.sock"] * 4


def test_a_draining_copy_is_passed_over(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"), StandIn("b", folder / "b.sock"):
        board.connect(0.0)
        (folder / "a.draining").touch()
        board.connect(0.2)

    assert linked(folder) == ["b.sock"] * 4


def test_the_links_stay_when_no_copy_is_ready(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"):
        board.connect(0.0)
    is_complete = board.connect(0.2)

    assert is_complete
    assert linked(folder) == ["a.sock"] * 4


def test_a_copy_that_comes_back_is_linked_again(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"):
        with StandIn("b", folder / "b.sock"):
            board.connect(0.0)
        board.connect(0.2)
        (folder / "b.sock").unlink()
        with StandIn("b", folder / "b.sock"):
            board.connect(3.0)

    assert linked(folder) == ["a.sock", "b.sock", "a.sock", "b.sock"]


def test_what_a_copy_that_is_gone_has_left_is_removed(folder: Path) -> None:
    board = switchboard.Board(folder)
    with StandIn("a", folder / "a.sock"), StandIn("b", folder / "b.sock"):
        board.connect(0.0)
    (folder / "a.draining").touch()
    with StandIn("c", folder / "c.sock"):
        board.connect(59.0)
        kept = sorted(path.name for path in folder.iterdir() if not path.is_symlink())
        board.connect(61.0)
        board.connect(61.2)

    assert kept == ["a.draining", "a.sock", "b.sock", "c.sock"]
    assert sorted(path.name for path in folder.iterdir() if not path.is_symlink()) == ["c.sock"]


def test_its_health_is_the_age_of_its_last_complete_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    monkeypatch.setattr(switchboard, "PULSE", pulse)

    before = switchboard.check()
    pulse.touch()
    after = switchboard.check()

    assert (before, after) == (False, True)
