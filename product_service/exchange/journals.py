"""How a batch is processed: with its position stored so that it can be resumed, without it, or as a dry run."""

import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections
from tqdm import tqdm

from exchange import services
from exchange.bulk import ValueMoved
from exchange.errors import ExchangeError
from exchange.models import RESULTS, CatalogueImport
from exchange.plans import Plan
from exchange.rejects import RejectsFile, RejectsStream
from exchange.rows import Batch

# A lock timeout, a database that restarts, a product that another transaction has just created.
TRANSIENT = (OperationalError, InterfaceError, IntegrityError, ValueMoved)
WAITS = (0.1, 0.3, 1, 3, 5, 10, 10)  # seconds between attempts

T = TypeVar("T")


class Journal:
    """An import from standard input, which cannot be resumed: its state is not saved."""

    def __init__(self, state: CatalogueImport, rejects: RejectsFile | RejectsStream) -> None:
        self.state = state
        self.rejects = rejects

    def take(self, batch: Batch) -> None:
        """
        Process a batch, and advance the state.

        :raises ExchangeError: if the database refused it in each of several attempts, or another process took over.
        """
        # Every row names its product, so doing it again does no harm.
        made = _with_retries(
            lambda _: services.import_batch(rows=batch.rows, subject=self.state.subject, keep=lambda _: None)
        )
        self._advance(batch, made)

    def _advance(self, batch: Batch, made: Plan) -> None:
        for name, value in self._reached(batch, made).items():
            setattr(self.state, name, value)

    def _reached(self, batch: Batch, made: Plan) -> dict[str, Any]:
        """Write the rejected rows of a batch; return the values of the state behind it."""
        rejected = sorted([*batch.refused, *made.rejected], key=lambda refused: refused[0].line)
        counts = {**made.counts, "rejected": len(rejected)}
        return {
            "offset": batch.after.offset,
            "line": batch.after.line,
            "rejected_bytes": self.rejects.write(rejected, at=self.state.rejected_bytes),
            **{name: getattr(self.state, name) + counts.get(name, 0) for name in RESULTS},
        }


class KeptJournal(Journal):
    """An import that can be resumed: its state is committed in one transaction with the rows before it."""

    def take(self, batch: Batch) -> None:
        def keep(made: Plan) -> None:
            CatalogueImport.objects.advance(self.state, **self._reached(batch, made))

        def attempt(number: int) -> None:
            # An attempt whose confirmation was lost may have been committed after all.
            if not (number and CatalogueImport.objects.has_reached(self.state, batch.after.offset)):
                services.import_batch(rows=batch.rows, subject=self.state.subject, keep=keep)

        _with_retries(attempt)
        self.state.refresh_from_db()


class DryJournal(Journal):
    """A dry run: reports what an import would do with the catalogue as it is."""

    def take(self, batch: Batch) -> None:
        self._advance(batch, services.try_batch(rows=batch.rows))


def _with_retries(attempt: Callable[[int], T]) -> T:
    number = 0
    while True:
        try:
            return attempt(number)
        except TRANSIENT as error:
            if number == len(WAITS):
                raise ExchangeError(f"The database did not take a batch: {str(error).strip()}") from error
            # Standard output may be a file of rows, and standard error may show a bar.
            tqdm.write(f"Trying again in {WAITS[number]} s: {str(error).strip()}", file=sys.stderr)
            time.sleep(WAITS[number])
            close_old_connections()
        number += 1
