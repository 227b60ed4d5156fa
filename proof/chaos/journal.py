"""The file that a history is kept in: written by several threads while it happens, read as a whole afterwards."""

import hashlib
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

import msgspec

from chaos.history import Entry, Fail, Info, Ok, Reply
from chaos.seen import Answer

# The "not done" answers of docs/errors.md; only reads get database-unavailable.
NOT_DONE = frozenset(
    {
        "order-not-placed",
        "order-not-changed",
        "overloaded",
        "service-unavailable",
        "identity-provider-unavailable",
        "database-unavailable",
    }
)
_decoder = msgspec.json.Decoder(Entry)


class Now(NamedTuple):
    """One moment, by both clocks."""

    at: float
    wall: float


class Clock:
    """The clock of a run, which begins when it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> Now:
        return Now(round(time.monotonic() - self._began, 6), round(time.time(), 6))


class Journal:
    """
    Writes lines. Any thread may call any method. A line is in the file when `write` returns.

    As a context manager, it closes the file in the end.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self._file = path.open("wb", buffering=0)
        self._encode = msgspec.json.Encoder().encode
        self._lock = threading.Lock()
        self._numbers = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._file.close()

    def number(self) -> int:
        """Return a number that no operation, fault or phase of this run has yet."""
        return next(self._numbers)

    def now(self) -> Now:
        return self.clock.now()

    def write(self, entry: Entry) -> None:
        line = self._encode(entry) + b"\n"
        with self._lock:
            self._file.write(line)


def read(path: Path) -> Iterator[Entry]:
    """
    Yield the lines in the order they were written in.

    :raises msgspec.MsgspecError: if a line is not of this history; a last line that was cut short is left out.
    """
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield _decoder.decode(line)


def conclude(op: int, answer: Answer, now: Now) -> Reply:
    """Return what an answer means: done, surely not done, or unknown (docs/errors.md)."""
    match meaning(answer):
        case "ok":
            return Ok(op=op, answer=answer, at=now.at, wall=now.wall)
        case "fail":
            return Fail(op=op, answer=answer, at=now.at, wall=now.wall)
        case "info":
            return Info(op=op, answer=answer, at=now.at, wall=now.wall)


def meaning(answer: Answer) -> Literal["ok", "fail", "info"]:
    if 200 <= answer.status < 300 or answer.status == 304:  # noqa: PLR2004 - the classes of HTTP
        return "ok"
    if 400 <= answer.status < 500 or answer.problem in NOT_DONE:  # noqa: PLR2004
        return "fail"
    return "info"


def fingerprint(body: bytes) -> str:
    """Return a short text that is equal for equal bodies, and for no others that anybody will meet."""
    return hashlib.blake2b(body, digest_size=8).hexdigest()
