"""
Ends what a stack has started when the stack itself dies without a chance to do so.

It runs as a process of its own and listens to the stack on its standard input: `guard PGID`, `release PGID`,
`remove FOLDER`. The kernel closes that pipe however the stack ends, which works on Linux and macOS alike.
"""

import os
import shutil
import signal
import sys
import time

STOP_TIMEOUT = 3.0  # seconds between SIGTERM and SIGKILL


def watch() -> None:
    """Read commands until the pipe closes, then end every process and remove every folder."""
    guarded: set[int] = set()
    folders: set[str] = set()
    for line in sys.stdin:
        order, _, argument = line.rstrip("\n").partition(" ")
        match order:
            case "guard":
                guarded.add(int(argument))
            case "release":
                guarded.discard(int(argument))
            case "remove":
                folders.add(argument)
            case _:
                raise ValueError(f"unknown order: {line!r}")
    end(guarded)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def end(groups: set[int]) -> None:
    """Send SIGTERM to every process group, also to a frozen one; kill those that still run after three seconds."""
    alive = {group for group in groups if _signal(group, signal.SIGTERM) and _signal(group, signal.SIGCONT)}
    deadline = time.monotonic() + STOP_TIMEOUT
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = {group for group in alive if _signal(group, 0)}
    for group in alive:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Return whether the group still existed."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS raises the latter for a group of zombies
        return False
    return True


if __name__ == "__main__":
    watch()
