"""The order: what its customer sees, and the columns that keep it consistent with product_service."""

from copy import copy
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.errors import OrderNotFound
from orders.events import FeedState, OrderEvent
from orders.ids import new_reservation_id
from orders.querysets import OrderQuerySet
from orders.states import Failure, Placement, Status
from service_kit.database.rows import read_row

__all__ = ["FeedState", "Order", "OrderEvent"]

LIVE = Q(placement=Placement.LIVE)


class Order(models.Model):
    """
    One order. It owns a desired reserved quantity and its revision (docs/architecture.md, "The order protocol").

    Every change of `revision`, `placement`, `status`, `quantity` and `target_quantity` is one conditional UPDATE of
    `OrderQuerySet`. A row is never saved as a whole.
    """

    owner = models.CharField(max_length=255, editable=False)
    product_id = models.BigIntegerField()
    product_name = models.CharField(max_length=255, default="")
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    quantity = models.IntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    placement = models.CharField(max_length=7, choices=Placement, default=Placement.PLACING, editable=False)
    failure = models.CharField(max_length=18, choices=Failure, default="", blank=True, editable=False)
    reservation_id = models.UUIDField(unique=True, default=new_reservation_id, editable=False)
    revision = models.IntegerField(default=1, editable=False)
    synced_revision = models.IntegerField(default=0, editable=False)
    target_quantity = models.IntegerField(null=True, editable=False)
    next_sync_at = models.DateTimeField(null=True, editable=False)
    attempts = models.IntegerField(default=0, editable=False)

    # What the answer to the first request was made of: a replay of it is equal byte for byte (ADR 0006).
    idempotency_key = models.CharField(max_length=255, null=True, editable=False)  # noqa: DJ001 - NULLs are distinct
    placed_quantity = models.IntegerField(editable=False)
    placed_at = models.DateTimeField(null=True, editable=False)

    request_id = ""  # of the request that places the order: not stored here, but in the event

    objects: ClassVar[OrderQuerySet] = OrderQuerySet.as_manager()  # type: ignore[assignment] # as_manager is untyped

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False) & ~Q(failure=Failure.ABORTED),
                name="order_one_per_key",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, placed_quantity__gte=1), name="order_quantity"),
            models.CheckConstraint(condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0), name="order_price"),
            models.CheckConstraint(
                condition=Q(revision__gte=1, synced_revision__gte=0, synced_revision__lte=F("revision")),
                name="order_revision",
            ),
            models.CheckConstraint(
                condition=~LIVE | Q(unit_price__isnull=False, placed_at__isnull=False) & ~Q(product_name=""),
                name="order_live_has_snapshot",
            ),
            models.CheckConstraint(condition=LIVE | Q(status=Status.PENDING), name="order_moves_when_live"),
            models.CheckConstraint(
                condition=Q(target_quantity__isnull=True)
                | Q(target_quantity__gt=F("quantity"), placement=Placement.LIVE, status=Status.PENDING),
                name="order_increase_when_pending",
            ),
            models.CheckConstraint(
                condition=Q(next_sync_at__isnull=False) | Q(synced_revision=F("revision")),
                name="order_unsynced_is_scheduled",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "created_at", "id"], condition=LIVE, name="order_by_owner"),
            models.Index(fields=["owner", "status", "created_at", "id"], condition=LIVE, name="order_by_owner_status"),
            models.Index(fields=["created_at", "id"], condition=LIVE, name="order_by_age"),
            models.Index(fields=["status", "created_at", "id"], condition=LIVE, name="order_by_status"),
            models.Index(fields=["product_id", "created_at", "id"], condition=LIVE, name="order_by_product"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="order_by_change"),
            models.Index(fields=["owner", "updated_at", "id"], condition=LIVE, name="order_by_owner_change"),
            models.Index(fields=["next_sync_at"], condition=Q(next_sync_at__isnull=False), name="order_due"),
            models.Index(fields=["created_at"], condition=Q(idempotency_key__isnull=False), name="order_key_by_age"),
            models.Index(fields=["updated_at"], condition=Q(placement=Placement.FAILED), name="order_failed_by_age"),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"

    @classmethod
    def seen_by(cls, owner: str | None, order_id: int) -> "Order":
        """Find a live order of one owner, or of anybody for None; raise OrderNotFound if there is none."""
        order = read_row(cls, order_id)
        if order is None or order.placement != Placement.LIVE or owner not in (None, order.owner):
            raise OrderNotFound(order_id)
        return order

    @property
    def state(self) -> Status:
        """The public status, as a member of its enumeration."""
        return Status(self.status)

    @property
    def desired_quantity(self) -> int:
        """How many units product_service should hold for this order. It is defined here and nowhere else."""
        return self.quantity if self.placement == Placement.LIVE and self.status != Status.CANCELED else 0

    @property
    def is_settled(self) -> bool:
        """Whether product_service has acknowledged the desired quantity and no increase is in flight."""
        return self.synced_revision == self.revision and self.target_quantity is None

    @property
    def total_price(self) -> Decimal | None:
        """The price of all units, in the currency of the catalogue. None before the order is live."""
        return None if self.unit_price is None else self.unit_price * self.quantity

    def as_placed(self) -> "Order":
        """Return the order as the answer to the first request showed it, whatever has changed since."""
        original = (self.placed_quantity, Status.PENDING, self.placed_at or self.updated_at)
        if (self.quantity, self.status, self.updated_at) == original:
            return self
        placed = copy(self)
        placed.quantity, placed.status, placed.updated_at = original
        return placed

    def with_target(self, target: int) -> "Order":
        """Return the order as it is once an increase to `target` units has begun, at its next revision."""
        increase = copy(self)
        increase.target_quantity, increase.revision = target, self.revision + 1
        return increase
