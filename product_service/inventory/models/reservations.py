"""What is promised: the latest word about each reservation, and the units that it holds."""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, connections, models
from django.utils import timezone

from inventory.errors import ReservationNotFound
from inventory.protocol import STORED_OUTCOMES, Desired, Outcome, Settled
from inventory.statements import HOLD_NEW
from products.models import Product

# How the driver is told the values of statements that are not written by the ORM.
ID = models.UUIDField()
PRICE = models.DecimalField(max_digits=10, decimal_places=2)


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def one(self, reservation_id: UUID) -> "Reservation":
        """
        Find a reservation.

        :raises ReservationNotFound: if nobody ever asked for it.
        """
        try:
            return self.get(pk=reservation_id)
        except self.model.DoesNotExist:
            raise ReservationNotFound(reservation_id) from None

    def hold_new(self, desired: Sequence[Desired]) -> "dict[UUID, Settled]":
        """
        Hold what all of these ask for, in one statement, if none of them was heard of before and there is enough.

        Return what is held now, by id. Where that is less than was asked for, as it always is on SQLite, settle all of
        them step by step: what is held already will be answered for again.
        """
        connection = connections[self.db]
        if connection.vendor != "postgresql" or any(item.revision != 1 or not item.quantity for item in desired):
            return {}
        items = [(str(item.id), item.product_id, item.quantity, item.revision) for item in desired]
        try:
            with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined] # our own backend's
                cursor.execute(HOLD_NEW, {"items": json.dumps(items), "count": len(items), "now": timezone.now()})
                rows = cursor.fetchall()
        except IntegrityError:  # the units that were there when it began were taken by somebody else
            return {}
        return {
            row[0]: Settled(
                id=row[0],
                outcome=Outcome.HELD,
                quantity=row[1],
                revision=row[2],
                unit_price=row[3],
                product_name=row[4],
            )
            for row in rows
        }

    def claim(self, desired: Sequence[Desired]) -> "dict[UUID, Reservation]":
        """
        Lock the reservations that these are about, in order of id, in at most two statements.

        Those that nobody asked for before come to be: holding nothing, at revision 0. That makes the first message
        about an id, whichever it is, wait for a second one instead of racing it.
        """
        rows = {row.pk: row for row in self._insert_missing(sorted(desired, key=lambda item: item.id))}
        known = [item.id for item in desired if item.id not in rows]
        if known:
            rows |= {row.pk: row for row in self.filter(pk__in=known).select_for_update().order_by("pk")}
        return rows

    def _insert_missing(self, desired: Sequence[Desired]) -> "list[Reservation]":
        connection = connections[self.db]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        rows = {item.id: (ID.get_db_prep_value(item.id, connection), item.product_id) for item in desired}
        statement = (
            "INSERT INTO inventory_reservation"  # noqa: S608 - nothing but placeholders
            " (id, product_id, quantity, asked_quantity, revision, outcome, created_at, updated_at) VALUES "
            + ", ".join(["(%s, %s, 0, 0, 0, 'released', %s, %s)"] * len(rows))
            + " ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in rows.values() for value in (*row, now, now)])
            inserted = [ID.to_python(returned) for (returned,) in cursor.fetchall()]
        return [Reservation(id=new, product_id=rows[new][1]) for new in inserted]

    def write(self, rows: "Iterable[Reservation]") -> None:
        """Store what locked reservations say now, in one statement however many they are."""
        connection = connections[self.db]
        values = [
            (
                ID.get_db_prep_value(row.pk, connection),
                row.quantity,
                row.asked_quantity,
                row.revision,
                row.outcome,
                PRICE.get_db_prep_value(row.unit_price, connection),
                row.product_name,
            )
            for row in rows
        ]
        if not values:
            return
        # Both databases name the columns of VALUES column1, column2, ... when nobody else does.
        statement = (
            "UPDATE inventory_reservation"  # noqa: S608 - nothing but placeholders
            " SET quantity = said.column2, asked_quantity = said.column3,"
            " revision = said.column4, outcome = said.column5, unit_price = CAST(said.column6 AS numeric),"
            " product_name = said.column7, updated_at = %s FROM (VALUES "
            + ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(values))
            + ") AS said WHERE inventory_reservation.id = said.column1"
        )
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(statement, [now, *(value for row in values for value in row)])


class Reservation(models.Model):
    """
    What one order holds of one product: the latest revision heard, what became of it, and the units held now.

    It outlives everything: refusals are remembered, and so is a release that overtook its reserve. Hence `product_id`
    is a plain number: it may name a product that never was.
    """

    id = models.UUIDField(primary_key=True)
    product_id = models.BigIntegerField()
    quantity = models.IntegerField(default=0)
    asked_quantity = models.IntegerField(default=0)  # what this revision asked for; more than `quantity` if refused
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
        indexes = [models.Index(fields=["product_id"], name="reservation_by_product")]

    def __str__(self) -> str:
        return f"{self.quantity} of product {self.product_id} at revision {self.revision}"

    def needs_product(self, desired: Desired) -> bool:
        """Whether settling this moves stock, so that the product's row must be locked."""
        return (
            desired.revision > self.revision
            and desired.product_id == self.product_id
            and desired.quantity != self.quantity
        )

    def settle(self, desired: Desired, product: Product | None) -> Settled:
        """
        Apply a desired quantity to this row and to the product's, both locked, if it is news; answer for it either way.

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
        )

    def _advance(self, desired: Desired, product: Product | None) -> Outcome:
        more = desired.quantity - self.quantity
        self.revision = desired.revision
        self.asked_quantity = desired.quantity
        if more > 0 and (product is None or not product.is_active):
            self.outcome = Outcome.PRODUCT_NOT_FOUND
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
