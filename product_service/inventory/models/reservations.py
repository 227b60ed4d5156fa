"""Reservations: the latest revision of each, and the units that it holds."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connections, models
from django.utils import timezone

from inventory.errors import ReservationNotFound
from inventory.protocol import STORED_OUTCOMES, Desired, Outcome, Settled
from inventory.statements import HELD, HOLD_NEW
from products.models import Product
from service_kit.database.clock import NOW, NOW_IN_SQL, Instant

# Converts ids for the statement that the ORM does not write.
ID = models.UUIDField()
# What settling changes.
SETTLED = ("quantity", "asked_quantity", "revision", "outcome", "unit_price", "product_name")


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def one(self, reservation_id: UUID) -> "Reservation":
        """Find a reservation; raise ReservationNotFound if it was never requested."""
        try:
            return self.get(pk=reservation_id)
        except self.model.DoesNotExist:
            raise ReservationNotFound(reservation_id) from None

    def hold_new(self, desired: Sequence[Desired]) -> "dict[UUID, Settled]":
        """
        Hold all of these in one statement, if none of them is known and there is enough stock.

        Return what is held now, by id. Where that is less than requested, as always on SQLite, settle all of them step
        by step: those that are held get the same answer again.
        """
        connection = connections[self.db]
        if connection.vendor != "postgresql" or any(item.revision != 1 or not item.quantity for item in desired):
            return {}
        items = [(str(item.id), item.product_id, item.quantity, item.revision) for item in desired]
        try:
            with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined] # our own backend's
                cursor.execute(HOLD_NEW, {"items": json.dumps(items), "count": len(items)})
                rows = cursor.fetchall()
        except IntegrityError:  # another transaction took the units, or edited the product, meanwhile
            return {}
        settled = (Settled(outcome=Outcome.HELD, **dict(zip(HELD, row, strict=True))) for row in rows)
        return {one.id: one for one in settled}

    def claim(self, desired: Sequence[Desired]) -> "dict[UUID, Reservation]":
        """
        Lock the reservations of these, in order of id, in at most two statements.

        Unknown ones are inserted: holding nothing, at revision 0. So two first messages about an id wait for each other
        instead of racing. One that is deleted as old between the two statements is inserted after all.
        """
        rows: dict[UUID, Reservation] = {}
        missing = sorted(desired, key=lambda item: item.id)
        while missing:
            rows |= {row.pk: row for row in self._insert_missing(missing)}
            known = [item.id for item in missing if item.id not in rows]
            if known:
                rows |= {row.pk: row for row in self.filter(pk__in=known).select_for_update().order_by("pk")}
            missing = [item for item in missing if item.id not in rows]
        return rows

    def _insert_missing(self, desired: Sequence[Desired]) -> "list[Reservation]":
        connection = connections[self.db]
        now = NOW_IN_SQL[connection.vendor]
        rows = {item.id: (ID.get_db_prep_value(item.id, connection), item.product_id) for item in desired}
        statement = (
            "INSERT INTO inventory_reservation"  # noqa: S608 - nothing but placeholders
            " (id, product_id, quantity, asked_quantity, revision, outcome, created_at, updated_at) VALUES "
            + ", ".join([f"(%s, %s, 0, 0, 0, 'released', {now}, {now})"] * len(rows))
            + " ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in rows.values() for value in row])
            inserted = [ID.to_python(returned) for (returned,) in cursor.fetchall()]
        return [Reservation(id=new, product_id=rows[new][1]) for new in inserted]

    def empty_for(self, age: timedelta, *, now: Instant = NOW) -> "ReservationQuerySet":
        """Keep those that hold nothing and were settled longer ago than that."""
        return self.filter(quantity=0, updated_at__lt=now - age)

    def write(self, rows: "Iterable[Reservation]") -> None:
        """Store locked reservations. The rows exist, so that each INSERT becomes an UPDATE (of 99 on SQLite)."""
        written = list(rows)
        for row in written:
            row.updated_at = NOW
        self.bulk_create(written, update_conflicts=True, unique_fields=["id"], update_fields=[*SETTLED, "updated_at"])


class Reservation(models.Model):
    """
    What one order holds of one product: the latest revision, its outcome, and the units held now.

    Refusals are stored, and so is a release that overtook its reserve (a tombstone); `inventory.retention` deletes what
    holds nothing when no message about it can be on its way any more. `product_id` is a plain number, since it may name
    a product that never existed.
    """

    id = models.UUIDField(primary_key=True)
    product_id = models.BigIntegerField()
    quantity = models.IntegerField(default=0)
    asked_quantity = models.IntegerField(default=0)  # requested by this revision; more than `quantity` if refused
    revision = models.IntegerField(default=0)
    outcome = models.CharField(max_length=20, default=Outcome.RELEASED)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    product_name = models.CharField(max_length=255, null=True)  # noqa: DJ001 - no snapshot was taken yet
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="reservation_quantity_not_negative"),
            models.CheckConstraint(condition=models.Q(asked_quantity__gte=0), name="reservation_asked_not_negative"),
            models.CheckConstraint(condition=models.Q(revision__gte=0), name="reservation_revision_not_negative"),
            models.CheckConstraint(condition=models.Q(outcome__in=STORED_OUTCOMES), name="reservation_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(quantity=0) | models.Q(unit_price__isnull=False, product_name__isnull=False),
                name="reservation_has_its_snapshot",
            ),
        ]
        indexes = [
            models.Index(fields=["product_id"], name="reservation_by_product"),
            models.Index(fields=["updated_at"], condition=models.Q(quantity=0), name="reservation_empty_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of product {self.product_id} at revision {self.revision}"

    def needs_product(self, desired: Desired) -> bool:
        """Return whether settling this moves stock, or names a price, so that the product's row must be locked."""
        if desired.revision == self.revision:
            return self.outcome == Outcome.PRICE_CHANGED
        return (
            desired.revision > self.revision
            and desired.product_id == self.product_id
            and desired.quantity != self.quantity
        )

    def settle(self, desired: Desired, product: Product | None) -> Settled:
        """
        Apply a desired quantity to this row and the product's, both locked, if its revision is newer; answer anyway.

        :param product: None if there is no such product, or if none is needed.
        """
        if desired.revision < self.revision:
            outcome = Outcome.STALE_REVISION
        elif desired.product_id != self.product_id:
            outcome = Outcome.REVISION_CONFLICT
        elif desired.revision > self.revision:
            outcome = self._advance(desired, product)
        elif desired.quantity != self.asked_quantity:
            outcome = Outcome.REVISION_CONFLICT
        else:
            outcome = Outcome(self.outcome)
        return Settled(
            id=self.pk,
            outcome=outcome,
            quantity=self.quantity,
            revision=self.revision,
            unit_price=self.unit_price,
            product_name=self.product_name,
            current_price=product.price if product is not None and outcome == Outcome.PRICE_CHANGED else None,
        )

    def _advance(self, desired: Desired, product: Product | None) -> Outcome:
        more = desired.quantity - self.quantity
        self.revision = desired.revision
        self.asked_quantity = desired.quantity
        if more > 0 and (product is None or not product.is_active):
            self.outcome = Outcome.PRODUCT_NOT_FOUND
        elif more > 0 and self.quantity and product is not None and product.price != self.unit_price:
            self.outcome = Outcome.PRICE_CHANGED  # more units are never sold at a price that is gone
        elif product is not None and more > product.stock_quantity:
            self.outcome = Outcome.INSUFFICIENT_STOCK
        else:
            self.quantity = desired.quantity
            self.outcome = Outcome.HELD if desired.quantity else Outcome.RELEASED
            if product is not None:
                self._move(more, product)
        return Outcome(self.outcome)

    def _move(self, more: int, product: Product) -> None:
        product.stock_quantity -= more
        if more > 0 and self.unit_price is None:
            self.unit_price = product.price
            self.product_name = product.name
