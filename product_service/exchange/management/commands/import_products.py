"""Import products from a file."""

import os
import signal
import stat
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from exchange import importing
from exchange.errors import AlreadyImported, ExchangeError
from exchange.formats import FORMATS, format_of
from exchange.journals import DryJournal, Journal, KeptJournal
from exchange.models import CatalogueImport
from exchange.progress import Progress
from exchange.rejects import RejectsFile, RejectsStream
from service_kit.auth.claims import LONGEST_SUBJECT, is_of_a_clerk
from service_kit.database.clock import NOW

LARGEST_BATCH = 5000  # rows; SQLite takes 32,766 values in one statement


class Command(BaseCommand):
    help = (
        "Create and edit products from a file with a header (CSV) or an object in each line (NDJSON). Run it again to "
        "resume after an interruption. Exit 0: all rows are imported; 1: some were rejected; 2: it stopped on an error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="FILE.csv or FILE.ndjson, in UTF-8; - is standard input")
        parser.add_argument("--format", choices=FORMATS, help="default: by the suffix of FILE")
        parser.add_argument("--dry-run", action="store_true", help="check every row and change nothing")
        parser.add_argument(
            "--restart", action="store_true", help="from the first row, although it was imported before"
        )
        parser.add_argument(
            "--rejected", metavar="FILE", help="file for rejected rows; default: FILE.rejected.csv (.ndjson)"
        )
        parser.add_argument("--subject", default="import_products", help="the subject of the first units in the ledger")
        parser.add_argument("--batch-size", type=int, default=250, metavar="N", help="rows in one transaction")

    def handle(self, *, file: str, batch_size: int, subject: str, **options: Any) -> None:
        if not 1 <= batch_size <= LARGEST_BATCH:
            raise CommandError(f"--batch-size must be from 1 to {LARGEST_BATCH}.", returncode=2)
        if not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise CommandError(f"--subject must be 1 to {LONGEST_SUBJECT} printable characters.", returncode=2)
        if is_of_a_clerk(subject):
            raise CommandError("--subject must be another than those of clerks, which begin with admin:.", returncode=2)
        self.stopped_by = 0
        self.size = batch_size
        self.subject = subject
        try:
            journal = self._read_stdin(**options) if file == "-" else self._read_file(Path(file), **options)
        except AlreadyImported as error:
            self._print(f"{error} Nothing was done now; --restart imports it again.")
            if error.rejected:
                sys.exit(1)
            return
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        except Error as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}", returncode=2) from error
        if self.stopped_by:
            sys.exit(128 + self.stopped_by)
        if journal.state.rejected:
            sys.exit(1)

    def _read_file(self, path: Path, *, dry_run: bool, restart: bool, rejected: str | None, **options: Any) -> Journal:
        form = format_of(options["format"], path.name)
        kind = ".dry-run.rejected" if dry_run else ".rejected"
        rejects = RejectsFile(Path(rejected or path.with_name(f"{path.stem}{kind}{path.suffix}")).resolve(), form)
        if rejects.path == path.resolve():
            raise ExchangeError("Rejected rows cannot go to the file that is imported.")
        with path.open("rb") as stream:
            if dry_run:
                rejects.cut(0)
                return self._run(stream, DryJournal(CatalogueImport(), rejects))
            state = importing.begin(
                stream, source=path.resolve(), rejected_to=rejects.path, subject=self.subject, restart=restart
            )
            rejects.cut(state.rejected_bytes)
            if state.line:
                self._print(f"Going on behind line {state.line:,}.")
            journal = self._run(stream, KeptJournal(state, rejects))
            if not self.stopped_by:
                CatalogueImport.objects.advance(state, finished_at=NOW)
            return journal

    def _read_stdin(self, *, dry_run: bool, rejected: str | None, **options: Any) -> Journal:
        if sys.stdin is None:  # as by `<&-`
            raise ExchangeError("Standard input is closed.")
        form = format_of(options["format"], "standard input")
        rejects: RejectsFile | RejectsStream = RejectsStream(sys.stdout.buffer, form)
        if rejected:
            rejects = RejectsFile(Path(rejected).resolve(), form)
            rejects.cut(0)
        journal = (DryJournal if dry_run else Journal)(CatalogueImport(subject=self.subject), rejects)
        return self._run(sys.stdin.buffer, journal, only_with_key=True)

    def _run(self, stream: BinaryIO, journal: Journal, *, only_with_key: bool = False) -> Journal:
        state = journal.state
        before = state.rows
        with (
            self._stopping_on_signals(),
            Progress(sys.stderr, total=_size(stream), done=state.offset, rows=before) as progress,
        ):
            for done in importing.run(stream, journal=journal, size=self.size, only_with_key=only_with_key):
                progress.show(done, rows=state.rows, rejected=state.rejected)
                if self.stopped_by:
                    break
        self._sum_up(journal, state.rows - before, progress)
        return journal

    def _sum_up(self, journal: Journal, rows: int, progress: Progress) -> None:
        state = journal.state
        would = "would be " if isinstance(journal, DryJournal) else ""
        self._print(
            f"{rows:,} rows {progress.sum_up(rows)}. "
            f"In all {would}created: {state.created:,}, updated: {state.updated:,}, "
            f"unchanged: {state.unchanged:,}, rejected: {state.rejected:,}."
        )
        if state.rejected:
            self._print(f"Rejected rows, with reasons: {journal.rejects}")
        if self.stopped_by:
            again = "Run it again to go on." if isinstance(journal, KeptJournal) else "Run it again to begin anew."
            self._print(f"Stopped before the end. {again}")

    def _print(self, words: str) -> None:
        """Write to standard error, which is red for errors only."""
        self.stderr.write(words, str)

    @contextmanager
    def _stopping_on_signals(self) -> Iterator[None]:
        """On SIGTERM or SIGINT, finish the current batch and stop."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopped_by = number

        handlers = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


def _size(stream: BinaryIO) -> int | None:
    status = os.fstat(stream.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
