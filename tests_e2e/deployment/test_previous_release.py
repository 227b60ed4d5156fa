"""An earlier release is laid out as it was built: its folder, the kit of the same commit, and its own packages."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from releases import previous
from releases.files import ReleaseFiles
from releases.history import last_release
from releases.release import release
from support.made_up_service import commit, commit_news, made_up_service

TODAY = date(2030, 1, 31)


@pytest.fixture
def files(tmp_path: Path) -> ReleaseFiles:
    """A service that was never released and needs no packages."""
    made = made_up_service(tmp_path / "origin")
    (made.folder / "requirements.txt").write_text("")
    (made.folder / "views.py").write_text('STATE = "released"\n')
    commit(made)
    return made


def write_kit(files: ReleaseFiles, state: str) -> None:
    package = files.repository / "service_kit" / "service_kit"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(f'STATE = "{state}"\n')


def test_a_release_from_before_the_kit_has_its_folder_only(files: ReleaseFiles, tmp_path: Path) -> None:
    release(files, version="0.1.0", today=TODAY)
    (files.folder / "views.py").write_text('STATE = "newer"\n')
    write_kit(files, "newer")
    commit_news(files)

    folder = previous.unpack_release(files, last_release(files), into=tmp_path / "laid out")

    assert (folder / "views.py").read_text() == 'STATE = "released"\n'
    assert (folder / ".venv" / "bin" / "python").exists()
    assert sorted(path.name for path in folder.parent.iterdir()) == ["shoe_service"]


def test_a_release_runs_with_the_kit_of_its_commit_and_is_laid_out_once(files: ReleaseFiles, tmp_path: Path) -> None:
    write_kit(files, "released")
    commit(files)
    release(files, version="0.1.0", today=TODAY)
    write_kit(files, "newer")
    commit_news(files)
    into = tmp_path / "laid out"

    folder = previous.unpack_release(files, last_release(files), into=into)

    printed = subprocess.run(
        [folder / ".venv" / "bin" / "python", "-c", "import service_kit; print(service_kit.STATE)"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == "released\n"
    (folder / "mark").touch()
    assert (previous.unpack_release(files, last_release(files), into=into) / "mark").exists()
    assert [path.name for path in into.iterdir()] == [folder.parent.name]


def test_what_could_not_be_installed_is_not_left_behind(files: ReleaseFiles, tmp_path: Path) -> None:
    (files.folder / "requirements.txt").write_text("./no-such-package --hash=sha256:0\n")
    commit(files)
    release(files, version="0.1.0", today=TODAY)

    with pytest.raises(subprocess.CalledProcessError):
        previous.unpack_release(files, last_release(files), into=tmp_path / "laid out")

    assert list((tmp_path / "laid out").iterdir()) == []


def test_tests_that_start_nothing_are_left_out_in_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: ReleaseFiles, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("test_alerts.py", "orders/test_orders.py", "released/test_contract_breaks.py"):
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def test_of_something() -> None: ...\n")
    monkeypatch.setattr(previous, "TESTS", tmp_path / "tests")

    status = previous.check_beside(files, folder=tmp_path, arguments=["-v", "-p", "no:cacheprovider"])

    assert status == 0
    assert [line for line in capfd.readouterr().out.splitlines() if "::" in line] == [
        "orders/test_orders.py::test_of_something PASSED                          [100%]"
    ]
