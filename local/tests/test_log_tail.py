"""The logs that `make run` shows go on when somebody empties or removes a file of them."""

import sys
from pathlib import Path

from stack.guard import Guard
from stack.log_tail import LogTail
from stack.part import Part


def test_lines_are_shown_after_their_file_was_emptied_or_removed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with Guard() as guard:
        tail = LogTail([Part("part", [sys.executable], tmp_path, {}, log, guard, is_ready=lambda: True)])

    log.unlink()
    removed = list(tail.new_lines())
    log.write_text("new\n")

    assert removed == []
    assert list(tail.new_lines()) == ["part | new"]
