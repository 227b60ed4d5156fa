"""Begin, resume and run an import."""

import fcntl
import hashlib
import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import reset_queries, transaction

from exchange.errors import AlreadyImported, ExchangeError
from exchange.journals import Journal
from exchange.lines import Place
from exchange.models import CatalogueImport
from exchange.rows import batches


def begin(file: BinaryIO, *, source: Path, rejected_to: Path, subject: str, restart: bool) -> CatalogueImport:
    """
    Begin the import of a file, or take over the one that was interrupted; the process that ran it until now is refused.

    Other processes of this machine cannot import the file until it is closed.

    :param restart: whether to forget that it was imported before, or in part.
    :raises AlreadyImported: if this very file was imported to its end.
    :raises ExchangeError: if another process imports it, if the import of another content of this file was interrupted,
        or if the import was to write its rejected rows to another place.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ExchangeError(f"Another process is importing {file.name}.") from None
    fingerprint = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # what open() returns fits
    file.seek(0)
    state = CatalogueImport(fingerprint=fingerprint, source=str(source), rejected_to=str(rejected_to), subject=subject)
    return _begin(state, restart=restart)


@transaction.atomic(durable=True)
def _begin(new: CatalogueImport, *, restart: bool) -> CatalogueImport:
    unfinished = CatalogueImport.objects.filter(source=new.source, finished_at=None)
    other = unfinished.exclude(fingerprint=new.fingerprint)
    known = CatalogueImport.objects.select_for_update().filter(fingerprint=new.fingerprint)
    if restart:
        other.delete()
        known.delete()
    if changed := other.first():
        raise ExchangeError(
            f"{new.source} has changed since its import was interrupted at line {changed.line}. "
            "Import the file as it was, or begin this one with --restart."
        )
    state = known.first() or new
    if state.finished_at:
        raise AlreadyImported(
            f"{new.source} was imported already, on {state.finished_at:%Y-%m-%d at %H:%M} UTC; "
            f"{state.rejected:,} of its rows were rejected.",
            rejected=state.rejected,
        )
    if state.rejected_to != new.rejected_to:
        raise ExchangeError(f"The rows rejected so far are in {state.rejected_to}; add --rejected with that path.")
    state.run = uuid.uuid4()
    state.save()
    return state


def run(stream: BinaryIO, *, journal: Journal, size: int, only_with_key: bool = False) -> Iterator[int]:
    """
    Import batch after batch of `size` rows from where the journal has got to. Yield the bytes read so far after each.

    :raises ExchangeError: if the file's header is not acceptable, or if the file changes during the import.
    """
    before = _version(stream)
    start = Place(journal.state.offset, journal.state.line)
    for batch in batches(journal.rejects.form.read(stream, start), size=size, only_with_key=only_with_key):
        if _version(stream) != before:
            raise ExchangeError("The file was changed while it was imported.")
        journal.take(batch)
        yield batch.after.offset
        reset_queries()  # which debug mode would keep


def _version(stream: BinaryIO) -> tuple[int, int]:
    """Return size and time of the last change of a file; constants for a pipe."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (0, 0)
