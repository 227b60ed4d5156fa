"""The folder in which a gunicorn's processes count: a fresh one at each start, and nothing is left for ever."""

import os
from pathlib import Path

import pytest

from service_kit.telemetry import metrics_folder
from service_kit.telemetry.exporter import free_slot
from service_kit.telemetry.metrics_folder import PREFIX, VARIABLE, make_metrics_folder

NOBODY = 2**22 + 1  # no process has such a number


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(metrics_folder, "SHARED_MEMORY", tmp_path)
    monkeypatch.setenv(VARIABLE, "")
    return tmp_path


def test_the_environment_names_a_new_folder_that_only_its_owner_can_enter(place: Path) -> None:
    made = make_metrics_folder()

    assert (made.parent, os.environ[VARIABLE]) == (place, str(made))
    assert made.stat().st_mode & 0o777 == 0o700
    assert list(made.iterdir()) == []


def test_a_gunicorn_that_reads_its_configuration_anew_counts_on() -> None:
    assert make_metrics_folder() == make_metrics_folder()


def test_another_gunicorn_gets_another_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = place / f"{PREFIX}{os.getppid()}-abc"
    parents.mkdir()
    monkeypatch.setenv(VARIABLE, str(parents))

    made = make_metrics_folder()

    assert made != parents
    assert parents.exists()  # its gunicorn lives


@pytest.mark.parametrize("owner", [NOBODY, os.getpid()], ids=["ended", "of this number, before a restart"])
def test_what_a_killed_gunicorn_left_is_removed(place: Path, owner: int) -> None:
    left = place / f"{PREFIX}{owner}-abc"
    left.mkdir()
    (left / "counter_7.db").touch()

    make_metrics_folder()

    assert not left.exists()


def test_what_is_not_ours_is_left_alone(place: Path) -> None:
    others = [place / "other", place / f"{PREFIX}x", place / PREFIX.rstrip("-")]
    for other in others:
        other.mkdir()

    make_metrics_folder()

    assert all(other.exists() for other in others)


def test_where_there_is_no_shared_memory_it_lies_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics_folder, "SHARED_MEMORY", tmp_path / "missing")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert make_metrics_folder().parent == tmp_path


@pytest.mark.parametrize(
    ("taken", "free"),
    [([], 1), ([1], 2), ([2], 1), ([1, 2], 3), ([3, 1], 2)],
    ids=["first", "2nd", "1st died", "3rd", "2nd died"],
)
def test_a_worker_counts_in_the_files_of_the_first_slot_that_no_living_one_has(taken: list[int], free: int) -> None:
    assert free_slot(taken) == free
