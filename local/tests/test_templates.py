"""Stacks of tests copy databases that the first of them has migrated."""

import threading
from pathlib import Path

import pytest

from stack.templates import VARIABLE, copy, fill, template


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = tmp_path / "data"
    made.mkdir()
    made.joinpath("migrated").write_text("tables")
    return [made]


def test_what_the_first_one_has_filled_is_copied(files: list[Path], tmp_path: Path) -> None:
    with template("sqlite") as first:
        assert first is not None
        assert not first.exists()
        fill(first, files)

    with template("sqlite") as second:
        assert second == first
        into = tmp_path / "other"
        into.mkdir()
        copy(first, into)

    assert (into / "data" / "migrated").read_text() == "tables"


def test_each_database_and_each_release_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with template("sqlite") as sqlite, template("postgresql") as postgresql:
        monkeypatch.setenv("STACK_ORDER_SERVICE", "/another/release")
        with template("sqlite") as of_another_release:
            assert len({sqlite, postgresql, of_another_release}) == 3


def test_who_comes_while_it_is_filled_waits(files: list[Path]) -> None:
    seen: list[bool] = []

    def come() -> None:
        with template("sqlite") as found:
            seen.append(found is not None and found.exists())

    with template("sqlite") as first:
        assert first is not None
        another = threading.Thread(target=come)
        another.start()
        fill(first, files)
    another.join()

    assert seen == [True]


def test_without_a_folder_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)

    with template("sqlite") as found:
        assert found is None
