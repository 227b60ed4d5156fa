"""How far each file was imported."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from exchange.errors import ExchangeError
from service_kit.database.clock import NOW

RESULTS = ("created", "updated", "unchanged", "rejected")  # what becomes of a row


class CatalogueImportQuerySet(models.QuerySet["CatalogueImport"]):
    def advance(self, state: "CatalogueImport", **reached: Any) -> None:
        """Move an import on, in the transaction of its rows; raise ExchangeError if another process drives it now."""
        mine = self.filter(pk=state.pk, run=state.run, finished_at=None)
        if mine.update(**reached, reached_at=NOW) != 1:
            raise ExchangeError(
                "Another process went on with this import; this one stops. What it did is not done twice."
            )

    def has_reached(self, state: "CatalogueImport", offset: int) -> bool:
        """Return whether this process has moved the import to that offset."""
        return self.filter(pk=state.pk, run=state.run, offset=offset).exists()


class CatalogueImport(models.Model):
    """
    How far a file was imported: all before `offset`, nothing after it.

    It moves in the transaction that imports the rows, so it is true whenever a process dies. Rejected rows are in a
    file beside; its first `rejected_bytes` bytes belong to what is committed, and whoever resumes cuts off the rest.
    """

    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the whole file
    source = models.TextField()  # where the file was
    rejected_to = models.TextField()  # where its rejected rows are
    subject = models.CharField(max_length=255)  # in whose name
    run = models.UUIDField(default=uuid.uuid4)  # which process drives it; an earlier one is refused
    offset = models.BigIntegerField(default=0)  # bytes
    line = models.BigIntegerField(default=0)  # lines before the offset
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    rejected_bytes = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = CatalogueImportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source}, {'done' if self.finished_at else f'as far as line {self.line}'}"

    @property
    def rows(self) -> int:
        """How many rows were read, whatever became of them."""
        return sum(getattr(self, result) for result in RESULTS)
