"""How a batch is processed: with its position stored so that it can be resumed, without it, or as a dry run."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections
from tqdm import tqdm

from exchange import services
from exchange.batches import Batch
from exchange.bulk import ValueMoved
from exchange.errors import DatabaseGaveUp
from exchange.models import CatalogueImport
from exchange.plans import Plan
from exchange.rejects import Rejected, RejectsFile, RejectsStream

# A lock timeout, a database that restarts, a product that another transaction has just created.
TRANSIENT = (OperationalError, InterfaceError, IntegrityError, ValueMoved)
WAITS = (0.1, 0.3, 1, 3, 5, 10, 10)  # seconds between attempts


@dataclass
class Totals:
    """Numbers of rows, by result."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected


class Journal(Protocol):
    totals: Totals
    rejects: RejectsFile | RejectsStream
    resumes: ClassVar[bool]  # whether an interrupted import can be resumed

    def take(self, batch: Batch) -> None:
        """
        Process a batch.

        :raises DatabaseGaveUp: if the database refused it in each of several attempts.
        :raises TakenOver: if another process continues this import.
        """


class KeptJournal:
    """An import that can be resumed: its position is committed in one transaction with the rows before it."""

    resumes: ClassVar = True

    def __init__(self, state: CatalogueImport, rejects: RejectsFile) -> None:
        self.state = state
        self.rejects: RejectsFile | RejectsStream = rejects
        self.totals = _totals(state)

    def take(self, batch: Batch) -> None:
        def keep(made: Plan) -> None:
            rejected = _in_order(batch, made)
            CatalogueImport.objects.advance(
                self.state,
                rejected_bytes=self.rejects.write(rejected, at=self.state.rejected_bytes),
                offset=batch.after.offset,
                line=batch.after.line,
                created=self.state.created + made.created,
                updated=self.state.updated + made.updated,
                unchanged=self.state.unchanged + made.unchanged,
                rejected=self.state.rejected + len(rejected),
            )

        def attempt() -> None:
            services.import_batch(rows=batch.rows, subject=self.state.subject, keep=keep)

        _with_retries(attempt, is_done=lambda: self._has_reached(batch))
        self.state.refresh_from_db()
        self.totals = _totals(self.state)

    def _has_reached(self, batch: Batch) -> bool:
        """Return whether an attempt whose confirmation was lost was committed after all."""
        mine = CatalogueImport.objects.filter(pk=self.state.pk, run=self.state.run)
        return mine.filter(offset=batch.after.offset).exists()


class PassingJournal:
    """An import from standard input, which cannot be resumed: its position is not stored."""

    resumes: ClassVar = False

    def __init__(self, subject: str, rejects: RejectsFile | RejectsStream) -> None:
        self.subject = subject
        self.rejects: RejectsFile | RejectsStream = rejects
        self.written = 0
        self.totals = Totals()

    def take(self, batch: Batch) -> None:
        made: list[Plan] = []

        def attempt() -> None:
            made.append(services.import_batch(rows=batch.rows, subject=self.subject, keep=lambda _: None))

        _with_retries(attempt, is_done=lambda: False)  # every row names its product, so doing it again does no harm
        self._count(batch, made[-1])

    def _count(self, batch: Batch, made: Plan) -> None:
        rejected = _in_order(batch, made)
        self.written = self.rejects.write(rejected, at=self.written)
        self.totals = Totals(
            self.totals.created + made.created,
            self.totals.updated + made.updated,
            self.totals.unchanged + made.unchanged,
            self.totals.rejected + len(rejected),
        )


class DryJournal(PassingJournal):
    """A dry run: reports what an import would do with the catalogue as it is."""

    def take(self, batch: Batch) -> None:
        self._count(batch, services.try_batch(rows=batch.rows))


def _with_retries(attempt: Callable[[], None], *, is_done: Callable[[], bool]) -> None:
    for number, wait in enumerate((*WAITS, None)):
        try:
            if not (number and is_done()):
                attempt()
        except TRANSIENT as error:
            if wait is None:
                raise DatabaseGaveUp(f"The database did not take a batch: {str(error).strip()}") from error
            # Standard output may be a file of rows, and standard error may show a bar.
            tqdm.write(f"Trying again in {wait} s: {str(error).strip()}", file=sys.stderr)
            time.sleep(wait)
            close_old_connections()
        else:
            return


def _in_order(batch: Batch, made: Plan) -> Rejected:
    return sorted([*batch.refused, *made.rejected], key=lambda rejected: rejected[0].line)


def _totals(state: CatalogueImport) -> Totals:
    return Totals(state.created, state.updated, state.unchanged, state.rejected)
