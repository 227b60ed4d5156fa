"""The file of rejected rows: each with its line and the reason, in the format that it was read in."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from exchange.errors import ExchangeError, refuse_special
from exchange.formats import Format, Record

Rejected = Sequence[tuple[Record, str]]


class RejectsFile:
    """Rows are on disk before the transaction that counts them commits; if it does not, they are cut off."""

    def __init__(self, path: Path, form: Format) -> None:
        refuse_special(path)
        self.path = path
        self.form = form

    def __str__(self) -> str:
        return str(self.path)

    def cut(self, size: int) -> None:
        """Truncate the file to the committed bytes, or delete it; raise ExchangeError if there is less."""
        if size == 0:
            self.path.unlink(missing_ok=True)
        elif not self.path.exists() or self.path.stat().st_size < size:
            raise ExchangeError(
                f"{self.path}, with the rows rejected so far, is gone or shorter; --restart begins anew."
            )
        else:
            os.truncate(self.path, size)

    def write(self, rejected: Rejected, *, at: int) -> int:
        """Write rows after the committed bytes, and over anything else. Return the file's size."""
        if not rejected:
            return at
        with self.path.open("r+b" if at else "wb") as file:
            file.truncate(at)
            file.seek(at)
            file.write(_encoded(self.form, rejected, head=at == 0))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if at == 0:
            _keep_name(self.path)
        return size


class RejectsStream:
    """Standard output, for an import that keeps nothing."""

    def __init__(self, stream: BinaryIO, form: Format) -> None:
        self.stream = stream
        self.form = form

    def __str__(self) -> str:
        return "on standard output"

    def write(self, rejected: Rejected, *, at: int) -> int:
        """Write rows. Return a number above zero if there were any so far."""
        if rejected:
            self.stream.write(_encoded(self.form, rejected, head=at == 0))
            self.stream.flush()
        return at + len(rejected)


def _encoded(form: Format, rejected: Rejected, *, head: bool) -> bytes:
    rows = "".join(form.rejection(record, reason) for record, reason in rejected)
    return ((form.rejection_head() if head else "") + rows).encode("utf-8", "surrogateescape")


def _keep_name(path: Path) -> None:
    """Sync the folder, so that the new file's name survives a power cut too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
