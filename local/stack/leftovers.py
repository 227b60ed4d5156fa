"""What a shop leaves behind that was killed together with its watchdog, or with the machine: found, and removed."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stack.guard import JOURNAL
from stack.watchdog import end


@dataclass(frozen=True)
class Leftovers:
    """What was removed."""

    folders: int = 0
    processes: int = 0


def sweep(temporary: Path | None = None) -> Leftovers:
    """End the processes, and remove the folders, of shops of this user that no longer run."""
    folders = processes = 0
    for journal in (temporary or Path(tempfile.gettempdir())).glob(f"shop-*/{JOURNAL}"):
        if journal.stat().st_uid == os.geteuid() and _is_abandoned(journal):
            groups, guarded = _replay(journal.read_text())
            mine = {group for group in groups if _mentions(group, [*guarded, str(journal.parent)])}
            end(mine)
            for folder in [*guarded, str(journal.parent)]:
                shutil.rmtree(folder, ignore_errors=True)
            folders, processes = folders + 1, processes + len(mine)
    return Leftovers(folders, processes)


def _is_abandoned(journal: Path) -> bool:
    """Its shop holds a lock on it for as long as it lives."""
    with journal.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _replay(orders: str) -> tuple[set[int], list[str]]:
    groups: set[int] = set()
    folders: list[str] = []
    for line in orders.splitlines():
        match line.split(" ", 1):
            case ["guard", group]:
                groups.add(int(group))
            case ["release", group]:
                groups.discard(int(group))
            case ["remove", folder]:
                folders.append(folder)
    return groups, folders


def _mentions(pid: int, folders: list[str]) -> bool:
    """Whether the process has one of the folders in its command or environment: numbers are given to others again."""
    shown = subprocess.run(
        ["ps", "eww", "-o", "command=", "-p", str(pid)],  # noqa: S607 - where ps lies differs between systems
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return any(folder in shown.stdout for folder in folders)
