"""The claim on a data folder: which running shop uses it, and what other commands need to know of that shop."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from stack.errors import StackError

FILE = "shop.json"


@dataclass(frozen=True)
class Program:
    """How one part of a running shop is started."""

    command: list[str]
    folder: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Running:
    """A shop that runs. Before it is ready it has no addresses yet."""

    pid: int
    run: str  # its temporary folder
    public_url: str = ""
    internal_url: str = ""
    programs: Mapping[str, Program] = field(default_factory=dict)


class Claim:
    """A data folder, held until `release` or the end of this process, however it ends."""

    def __init__(self, data: Path) -> None:
        """
        Claim the folder.

        :raises StackError: if another shop uses it.
        """
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.fdopen(os.open(data / FILE, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        if not _lock(self._file):
            running = _read(self._file)
            self._file.close()
            raise StackError(
                f"The shop {_name(running)} uses {data} already. Close it, or choose another folder with DATA_DIR=..."
            )

    def tell(self, running: Running) -> None:
        """Write down what other commands need to know."""
        self._file.seek(0)
        self._file.truncate()
        json.dump(asdict(running), self._file, indent=2)
        self._file.flush()

    def release(self) -> None:
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()


def running_shop(data: Path) -> Running | None:
    """Return the shop that uses this folder, if one runs."""
    path = data / FILE
    if not path.exists():
        return None
    with path.open("r+") as file:
        return None if _lock(file) else _read(file)


def _lock(file: IO[str]) -> bool:
    """The kernel gives a lock back when its process ends; a number in a file would stay."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: IO[str]) -> Running:
    file.seek(0)
    try:
        fields = json.load(file)
    except ValueError:  # it has only begun to start
        return Running(pid=0, run="")
    programs = {name: Program(**program) for name, program in fields.pop("programs").items()}
    return Running(**fields, programs=programs)


def _name(running: Running) -> str:
    return f"at {running.public_url} (process {running.pid})" if running.public_url else "that is just starting"
