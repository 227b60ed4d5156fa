"""What an earlier stack let others read is the owner's alone from now on; what is not a stack's is left as it is."""

import stat
from pathlib import Path

from stack.private import make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    make_private(tmp_path / "shops" / "one")

    assert [mode(tmp_path / "shops" / "one" / name) for name in (".", "keys", "logs")] == [0o700] * 3


def test_files_of_an_earlier_stack_are_taken_from_others(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("keys/a_key", "logs/gateway.log", "a.sqlite3", "a.sqlite3-wal")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.touch(0o644)

    make_private(tmp_path)

    assert {mode(path) for path in paths} == {0o600}
    assert {mode(tmp_path / name) for name in ("keys", "logs")} == {0o700}


def test_a_folder_that_holds_other_things_too_is_left_to_them(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for path in (tmp_path, tmp_path / "notes"):
        path.chmod(0o755)
    (tmp_path / "notes" / "today.log").touch(0o644)

    make_private(tmp_path)

    assert [mode(tmp_path / name) for name in (".", "notes", "notes/today.log")] == [0o755, 0o755, 0o644]
