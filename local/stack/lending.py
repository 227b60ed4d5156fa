"""Lending a part of a running shop to a terminal, where it runs in the foreground for a while."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.claim import Running
from stack.errors import StackError

FOLDER = "lent"
WANTED, LENT = ".wanted", ".lent"
STOP_TIMEOUT = 30.0  # seconds, as long as a part may take to stop


@contextmanager
def borrowed(running: Running, part: str) -> Iterator[None]:
    """
    Have the shop stop a part, and start it again afterwards.

    :raises StackError: if the shop does not stop it.
    """
    folder = Path(running.run, FOLDER)
    folder.mkdir(exist_ok=True)
    wanted, lent = folder / f"{part}{WANTED}", folder / f"{part}{LENT}"
    if lent.exists():
        raise StackError(f"{part} runs in another terminal already.")
    wanted.write_text(str(os.getpid()))
    try:
        deadline = time.monotonic() + STOP_TIMEOUT
        while not lent.exists():
            if time.monotonic() > deadline:
                raise StackError(f"The shop has not stopped its {part}.")
            time.sleep(0.1)
        yield
    finally:
        wanted.unlink(missing_ok=True)
        lent.unlink(missing_ok=True)


def wanted_parts(run: Path) -> list[str]:
    """Return the parts that a terminal asks for."""
    return [path.stem for path in (run / FOLDER).glob(f"*{WANTED}")]


def lend(run: Path, part: str) -> None:
    """Report to the terminal that the part was stopped."""
    wanted = run / FOLDER / f"{part}{WANTED}"
    if wanted.exists():
        wanted.rename(wanted.with_suffix(LENT))


def is_lent(run: Path, part: str) -> bool:
    """Return whether a terminal has the part. One that was killed has it no longer."""
    lent = run / FOLDER / f"{part}{LENT}"
    try:
        os.kill(int(lent.read_text()), 0)
    except (FileNotFoundError, ProcessLookupError):
        lent.unlink(missing_ok=True)
        return False
    return True
