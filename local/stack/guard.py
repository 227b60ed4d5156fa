"""The stack's side of the watchdog: which processes and folders must not outlive the stack."""

import fcntl
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

JOURNAL = "guarded"


class Guard:
    """
    A running watchdog. Closing it, or dying, makes it clean up what it still guards.

    :param run: the stack's temporary folder, where all orders are noted too, for the case that the watchdog is killed
        with the stack: see `stack.leftovers`.
    """

    def __init__(self, run: Path | None = None) -> None:
        self._journal = (run / JOURNAL).open("w") if run else None
        if self._journal:
            fcntl.flock(self._journal, fcntl.LOCK_EX)
        self._watchdog = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("watchdog.py"))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that Ctrl-C at the terminal does not reach it
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def guard(self, group: int) -> None:
        self._say(f"guard {group}")

    def release(self, group: int) -> None:
        self._say(f"release {group}")

    def remove(self, folder: Path) -> None:
        """Have a temporary folder removed in the end."""
        self._say(f"remove {folder}")

    def close(self) -> None:
        """Return when everything guarded is gone."""
        if self._watchdog.stdin and not self._watchdog.stdin.closed:
            self._watchdog.stdin.close()
        self._watchdog.wait()
        if self._journal:
            self._journal.close()

    def _say(self, order: str) -> None:
        assert self._watchdog.stdin is not None  # noqa: S101 - Popen was given a pipe
        if self._journal and not self._journal.closed:
            print(order, file=self._journal, flush=True)
        self._watchdog.stdin.write(f"{order}\n")
        self._watchdog.stdin.flush()
