"""Migrated databases to be copied: whoever starts many stacks, as tests do, need not migrate for each of them."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stack.places import service_folder
from stack.registry import SERVICES

VARIABLE = "STACK_TEMPLATES"  # a folder for them; without it, each stack migrates its own databases


@contextmanager
def template(database: str | None) -> Iterator[Path | None]:
    """
    Yield the folder of migrated databases of the present services, which the first stack has to fill.

    No other stack uses it until the block ends. It is None where nobody wants any.

    :param database: `sqlite` or `postgresql`; None for a stack whose databases are not as those of others.
    """
    if database is None or VARIABLE not in os.environ:
        yield None
        return
    services = "\n".join(str(service_folder(name)) for name in SERVICES)  # another release has other migrations
    folder = Path(os.environ[VARIABLE], f"{database}-{hashlib.sha256(services.encode()).hexdigest()[:12]}")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def fill(folder: Path, files: Sequence[Path]) -> None:
    """Make a template of these files, all of it or nothing. No process has them open."""
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir()
    _copy(files, unfinished)
    unfinished.rename(folder)


def copy(folder: Path, into: Path) -> None:
    """Copy the files of a template into a folder."""
    _copy(list(folder.iterdir()), into)


def _copy(files: Sequence[Path], into: Path) -> None:
    """A server's files keep their owner."""
    subprocess.run(["cp", "-a", *files, into], check=True)  # noqa: S607 - every system has it
