"""How order rows are found, and the arrows between their states: each a conditional UPDATE that may lose."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections, models
from django.db.models import F, Q

from orders.errors import OrderNotFound
from orders.statements import CONFIRM, INSERT_PLACING, cursor_for
from orders.states import Failure, Placement, Status

if TYPE_CHECKING:
    from orders.models import Order

ABORT_AFTER = timedelta(seconds=10)
"""How old a placing or an increase may grow before the reconciler gives it up."""


IN_DOUBT = Q(placement=Placement.PLACING) | Q(target_quantity__isnull=False)
"""Whether product_service was asked for units that are not promised yet."""


@dataclass(frozen=True)
class Snapshot:
    """What product_service said of a product when it held units of it: the name and the price of one unit."""

    order_id: int
    product_name: str
    unit_price: Decimal


class OrderQuerySet(models.QuerySet["Order"]):
    # ---- reads ----

    def live(self) -> "OrderQuerySet":
        return self.filter(placement=Placement.LIVE)

    def visible_to(self, owner: str | None) -> "OrderQuerySet":
        """Keep the live orders of one owner, or of everybody for None."""
        return self.live() if owner is None else self.live().filter(owner=owner)

    def one(self, order_id: int) -> "Order":
        """
        Find an order.

        :raises OrderNotFound: if there is none among these.
        """
        try:
            return self.get(pk=order_id)
        except self.model.DoesNotExist:
            raise OrderNotFound(order_id) from None

    def first_by_key(self, owner: str, key: str) -> "Order | None":
        """Find the order that an idempotency key stands for; an aborted attempt does not count."""
        return self.filter(owner=owner, idempotency_key=key).exclude(failure=Failure.ABORTED).first()

    def due(self, now: datetime) -> "OrderQuerySet":
        return self.filter(next_sync_at__lte=now)

    def undecided(self) -> "OrderQuerySet":
        """Keep the orders that are being placed, or increased."""
        return self.filter(IN_DOUBT)

    def decided(self) -> "OrderQuerySet":
        return self.exclude(IN_DOUBT)

    # ---- placing ----

    def insert_placing(self, orders: Sequence["Order"], *, now: datetime) -> "dict[UUID, int]":
        """Insert rows, but for those whose idempotency key is taken. Return the new ids by reservation."""
        rows = [
            (order.reservation_id.hex, order.owner, order.idempotency_key, order.product_id, order.quantity)
            for order in orders
        ]
        connection = connections[self.db]
        at, give_up_at = map(connection.ops.adapt_datetimefield_value, (now, now + ABORT_AFTER))
        with cursor_for(connection) as cursor:
            cursor.execute(INSERT_PLACING[connection.vendor], [at, at, give_up_at, json.dumps(rows)])
            return {UUID(str(reservation_id)): order_id for reservation_id, order_id in cursor.fetchall()}

    def confirm(self, snapshots: Sequence[Snapshot], *, now: datetime) -> int:
        """Make placing orders live, with what was held for them. Return how many still were placing."""
        if not snapshots:
            return 0
        rows = [(row.order_id, row.product_name, str(row.unit_price)) for row in snapshots]
        connection = connections[self.db]
        at = connection.ops.adapt_datetimefield_value(now)
        with cursor_for(connection) as cursor:
            cursor.execute(CONFIRM[connection.vendor], [at, at, json.dumps(rows), len(rows)])
            return int(cursor.rowcount)

    def reject(self, order_ids: Collection[int], *, failure: Failure, now: datetime) -> int:
        """Record product_service's refusal of placing orders; it uses their revision up. Return how many it took."""
        return self._placing(order_ids).update(
            placement=Placement.FAILED, failure=failure, synced_revision=1, next_sync_at=None, updated_at=now
        )

    def abort(self, order_ids: Collection[int], *, now: datetime, above: int = 1) -> int:
        """
        Give placing orders up, for ever, and have whatever they took given back at once. Return how many it took.

        :param above: the highest revision that product_service may have seen.
        """
        return self._placing(order_ids).update(
            placement=Placement.FAILED, failure=Failure.ABORTED, revision=above + 1, next_sync_at=now, updated_at=now
        )

    def _placing(self, order_ids: Collection[int]) -> "OrderQuerySet":
        return self.filter(pk__in=order_ids, placement=Placement.PLACING, revision=1)

    # ---- changing ----

    def settle(self, order: "Order", *, quantity: int, status: Status, now: datetime) -> bool:
        """
        Move an order that needs no more stock than it has to another status or a smaller quantity.

        Less is promised from this instant; the stock is given back afterwards, by the reconciler, until product_service
        has acknowledged it. An increase in flight is dropped: whoever drives it finds another revision and gives up.
        """
        moved: dict[str, Any] = {"quantity": quantity, "status": status, "updated_at": now}
        needed = 0 if status == Status.CANCELED else quantity
        if needed != order.desired_quantity or order.target_quantity is not None:
            moved |= {"target_quantity": None, "revision": order.revision + 1, "next_sync_at": now, "attempts": 0}
        return self._still(order).update(**moved) == 1

    def begin_increase(self, order: "Order", *, asked: "Order", now: datetime) -> bool:
        """Record that more units are being asked for. What is promised does not change before they are held."""
        return (
            self._still(order).update(
                target_quantity=asked.target_quantity,
                revision=asked.revision,
                next_sync_at=now + ABORT_AFTER,
                attempts=0,
            )
            == 1
        )

    def finish_increase(self, asked: "Order", *, status: Status, now: datetime) -> bool:
        """Promise what is held now."""
        return (
            self._still(asked).update(
                quantity=F("target_quantity"),
                target_quantity=None,
                status=status,
                synced_revision=asked.revision,
                next_sync_at=None,
                updated_at=now,
            )
            == 1
        )

    def drop_increase(self, asked: "Order", *, now: datetime, seen: int, held: int | None) -> bool:
        """
        Forget an increase: it was refused, or nobody knows.

        :param seen: the highest revision that product_service may have seen.
        :param held: how many units product_service holds, if it said so at the asked revision. Unless they are those
            that the order has, its quantity is pushed once more, above `seen`.
        """
        moved: dict[str, Any] = {"target_quantity": None}
        if held == asked.quantity:
            moved |= {"synced_revision": asked.revision, "next_sync_at": None}
        else:
            moved |= {"revision": max(seen, asked.revision) + 1, "next_sync_at": now}
        return self._still(asked).update(**moved) == 1

    def _still(self, order: "Order") -> "OrderQuerySet":
        """Select the row if it still is what the caller read: the condition of every change."""
        return self.live().filter(
            pk=order.pk,
            status=order.status,
            quantity=order.quantity,
            target_quantity=order.target_quantity,
            revision=order.revision,
        )

    # ---- reconciling ----

    def acknowledge(self, order: "Order") -> bool:
        """Record that product_service holds exactly what is desired at this revision."""
        return (
            self.filter(pk=order.pk, revision=order.revision).update(
                synced_revision=order.revision, next_sync_at=None, attempts=0
            )
            == 1
        )

    def raise_revision(self, order: "Order", *, above: int) -> bool:
        """Have the desired quantity pushed once more when its lease ends, above a revision that was seen."""
        raised = max(above, order.revision) + 1
        return self.filter(pk=order.pk, revision=order.revision).update(revision=raised) == 1

    def push_again(self, order: "Order", *, above: int, now: datetime) -> bool:
        """Have the desired quantity pushed now, above a revision that was seen, if the order is as it was."""
        raised = max(above, order.revision) + 1
        return (
            self.exclude(placement=Placement.PLACING)
            .filter(pk=order.pk, revision=order.revision, target_quantity=order.target_quantity)
            .update(revision=raised, next_sync_at=now, attempts=0)
            == 1
        )

    def forget_keys(self, *, before: datetime) -> int:
        """Clear the idempotency keys of requests older than that; the orders stay."""
        return (
            self.filter(idempotency_key__isnull=False, created_at__lt=before)
            .exclude(placement=Placement.PLACING)
            .update(idempotency_key=None)
        )
