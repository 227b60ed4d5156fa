"""Begin, resume, run and finish an import."""

import fcntl
import hashlib
import os
import stat
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.db import reset_queries, transaction
from django.utils import timezone

from exchange.batches import batches
from exchange.errors import AlreadyImported, FileChanged, ImportRuns, RejectedElsewhere
from exchange.formats import Format
from exchange.journals import Journal, Totals
from exchange.lines import Place
from exchange.models import CatalogueImport

Report = Callable[[int, Totals], None]
"""Called after each batch with the bytes read so far and the totals of the rows."""


def lock(file: BinaryIO) -> None:
    """
    Keep other processes of this machine from importing the file until it is closed, or this process ends.

    :raises ImportRuns: if another one does.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ImportRuns(f"Another process is importing {file.name}.") from None


def fingerprint_of(file: BinaryIO) -> str:
    """Hash the whole content of a file, and seek to its start."""
    fingerprint = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # what open() returns fits
    file.seek(0)
    return fingerprint


@transaction.atomic(durable=True)
def begin(*, fingerprint: str, source: Path, rejected_to: Path, subject: str, restart: bool) -> CatalogueImport:
    """
    Begin the import of a file, or take over the one that was interrupted; the process that ran it until now is refused.

    :param restart: whether to forget that it was imported before, or in part.
    :raises AlreadyImported: if this very file was imported to its end.
    :raises FileChanged: if the import of another content of this file was interrupted.
    :raises RejectedElsewhere: if the import was to write its rejected rows to another place.
    """
    unfinished = CatalogueImport.objects.filter(source=str(source), finished_at=None).exclude(fingerprint=fingerprint)
    known = CatalogueImport.objects.select_for_update().filter(fingerprint=fingerprint)
    if restart:
        unfinished.delete()
        known.delete()
    if other := unfinished.first():
        raise FileChanged(
            f"{source} has changed since its import was interrupted at line {other.line}. "
            "Import the file as it was, or begin this one with --restart."
        )
    state = known.first()
    if state is None:
        return CatalogueImport.objects.create(
            fingerprint=fingerprint, source=str(source), rejected_to=str(rejected_to), subject=subject
        )
    if state.finished_at:
        raise AlreadyImported(
            f"{source} was imported already, on {state.finished_at:%Y-%m-%d at %H:%M} UTC; "
            f"{state.rejected:,} of its rows were rejected.",
            rejected=state.rejected,
        )
    if state.rejected_to != str(rejected_to):
        raise RejectedElsewhere(f"The rows rejected so far are in {state.rejected_to}; add --rejected with that path.")
    state.run = uuid.uuid4()
    state.save(update_fields=["run"])
    return state


def finish(state: CatalogueImport) -> None:
    """
    Mark an import as finished.

    :raises TakenOver: if another process continues this import.
    """
    CatalogueImport.objects.advance(state, finished_at=timezone.now())


def run(  # noqa: PLR0913 - what an import is made of
    stream: BinaryIO,
    *,
    form: Format,
    journal: Journal,
    start: Place,
    size: int,
    only_with_key: bool,
    report: Report,
    is_stopping: Callable[[], bool],
) -> bool:
    """
    Import batch after batch. Return whether the end was reached; False if it was stopped before.

    :param start: where the rows that are not imported yet begin.
    :param size: rows in a batch.
    :raises FileRefused: if the file's header is not acceptable.
    :raises FileChanged: if the file changes during the import.
    """
    before = _version(stream)
    for batch in batches(form.read(stream, start), size=size, only_with_key=only_with_key):
        if _version(stream) != before:
            raise FileChanged("The file was changed while it was imported.")
        if is_stopping():
            return False
        journal.take(batch)
        report(batch.after.offset, journal.totals)
        reset_queries()  # which debug mode would keep
    return True


def _version(stream: BinaryIO) -> tuple[int, int]:
    """Return size and time of the last change of a file; constants for a pipe."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (0, 0)
