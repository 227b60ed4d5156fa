"""Which orders are meant: the conditions under which rows are read, counted or changed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from orders.states import Failure, Placement, Status
from service_kit.database.clock import NOW, Instant

if TYPE_CHECKING:
    from orders.models import Order

UNDECIDED = Q(placement=Placement.PLACING) | Q(target_quantity__isnull=False)
"""Units were requested, or will be, that are not promised to the customer yet."""


class OrderReads(models.QuerySet["Order"]):
    def live(self) -> Self:
        return self.filter(placement=Placement.LIVE)

    def visible_to(self, owner: str | None) -> Self:
        """Keep the live orders of one owner, or of everybody for None."""
        return self.live() if owner is None else self.live().filter(owner=owner)

    def first_by_key(self, owner: str, key: str | None) -> "Order | None":
        """Find the order of an idempotency key. Aborted attempts do not count."""
        if key is None:
            return None
        return self.filter(owner=owner, idempotency_key=key).exclude(failure=Failure.ABORTED).first()

    def has_open(self, owner: str, number: int) -> bool:
        """Return whether an owner has at least so many pending orders."""
        return self.visible_to(owner).filter(status=Status.PENDING)[number - 1 : number].exists()

    def due(self, now: Instant = NOW) -> Self:
        return self.filter(next_sync_at__lte=now)

    def older_than(self, age: timedelta, *, now: Instant = NOW) -> Self:
        """Keep the orders that were begun longer ago."""
        return self.filter(created_at__lt=now - age)

    def undecided(self) -> Self:
        """Keep the orders that are being placed or increased."""
        return self.filter(UNDECIDED)

    def decided(self) -> Self:
        return self.exclude(UNDECIDED)

    def pending_since(self, seconds: float) -> Self:
        """Keep the live orders that have been pending for so long, by the clock of the database."""
        return self.live().filter(status=Status.PENDING, created_at__lte=NOW - timedelta(seconds=seconds))

    def failed_for(self, age: timedelta, *, now: Instant = NOW) -> Self:
        """Keep orders that failed longer ago, hold nothing (it is acknowledged), and have no key to be replayed by."""
        failed = self.filter(placement=Placement.FAILED, updated_at__lt=now - age)
        return failed.filter(next_sync_at__isnull=True, idempotency_key__isnull=True)
