"""The transitions between the states of orders: each is one conditional UPDATE that may lose."""

import json
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from orders.events import Cause, OrderEvent, placed_event
from orders.reads import OrderReads
from orders.statements import CONFIRM, INSERT_PLACING, INSERT_PLACING_LIMITED, cursor_for
from orders.states import EventKind, Failure, Placement, Status
from service_kit.database.clock import NOW, Instant, as_instant

if TYPE_CHECKING:
    from orders.models import Order

ABORT_AFTER = timedelta(seconds=10)  # how old a placement or an increase may become before the reconciler aborts it


class OrderQuerySet(OrderReads):
    # ---- order placement ----

    def insert_placing(self, orders: Sequence["Order"], *, most_open: int) -> "set[UUID]":
        """
        Insert `placing` rows, except those whose idempotency key is taken or whose owner has too many pending orders.

        :param most_open: how many are allowed, 0 for any number. Orders that are placed at once do not see each other.
        :returns: the reservation ids of those that were inserted.
        """
        rows = [
            (order.reservation_id.hex, order.owner, order.idempotency_key, order.product_id, order.quantity)
            for order in orders
        ]
        connection = connections[self.db]
        by_id = {order.reservation_id: order for order in orders}
        statements, values = (INSERT_PLACING_LIMITED, [most_open - 1]) if most_open else (INSERT_PLACING, [])
        with cursor_for(connection) as cursor:
            cursor.execute(statements[connection.vendor], [ABORT_AFTER.total_seconds(), json.dumps(rows), *values])
            inserted = {UUID(reservation_id): rest for reservation_id, *rest in cursor.fetchall()}
        for reservation_id, (order_id, created_at) in inserted.items():
            order = by_id[reservation_id]
            order.pk, order.created_at = order_id, as_instant(created_at)
            order.updated_at = order.created_at
        return set(inserted)

    def confirm(self, orders: Sequence["Order"]) -> int:
        """Make `placing` orders live, with the names and prices they carry. Return how many still were `placing`."""
        rows = [(order.pk, order.product_name, str(order.unit_price), order.request_id) for order in orders]
        connection = connections[self.db]
        if connection.vendor == "postgresql":
            placed_at = _confirm(connection, rows)
        else:
            with transaction.atomic(using=self.db):  # SQLite's UPDATE cannot be part of an INSERT
                placed_at = _confirm(connection, rows)
                OrderEvent.objects.bulk_create(
                    placed_event(order, at=placed_at[order.pk]) for order in orders if order.pk in placed_at
                )
        for order in orders:
            if order.pk in placed_at:
                order.placed_at = order.updated_at = placed_at[order.pk]
        return len(placed_at)

    def reject(self, order_ids: Collection[int], *, failure: Failure) -> int:
        """Record a refusal, which uses up the revision (rule R4). Return how many orders still were `placing`."""
        return self._placing(order_ids).update(
            placement=Placement.FAILED, failure=failure, synced_revision=1, next_sync_at=None, updated_at=NOW
        )

    def abort(self, order_ids: Collection[int], *, above: int = 1) -> int:
        """
        Abort order placements for good. What they may have taken is due to be released at once.

        :param above: the highest revision that product_service may have seen.
        :returns: how many orders still were `placing`.
        """
        return self._placing(order_ids).update(
            placement=Placement.FAILED, failure=Failure.ABORTED, revision=above + 1, next_sync_at=NOW, updated_at=NOW
        )

    def _placing(self, order_ids: Collection[int]) -> "OrderQuerySet":
        return self.filter(pk__in=order_ids, placement=Placement.PLACING, revision=1)

    # ---- changing ----

    def settle(
        self, order: "Order", *, quantity: int, status: Status, cause: Cause, kind: EventKind | None = None
    ) -> bool:
        """
        Change the status or decrease the quantity of an order, if that needs no more units.

        The change holds at once (rule R3); the reconciler pushes it until product_service has acknowledged it. An
        increase in flight is dropped: its thread finds another revision, and nothing it does takes effect.
        """
        changed = copy(order)
        changed.quantity, changed.status = quantity, status
        values: dict[str, Any] = {"quantity": quantity, "status": status, "updated_at": NOW}
        if changed.desired_quantity != order.desired_quantity or order.target_quantity is not None:
            values |= {"target_quantity": None, "revision": order.revision + 1, "next_sync_at": NOW, "attempts": 0}
        return self._move(order, changed, values, cause, kind)

    def begin_increase(self, order: "Order", *, increase: "Order", now: Instant = NOW) -> bool:
        """Record the target of an increase. The quantity stays until the units are held (rule R2)."""
        updated = self._unchanged(order).update(
            target_quantity=increase.target_quantity,
            revision=increase.revision,
            next_sync_at=now + ABORT_AFTER,
            attempts=0,
        )
        return updated == 1

    def finish_increase(self, increase: "Order", *, status: Status, cause: Cause) -> bool:
        """Make the target, which is held now, the quantity."""
        changed = copy(increase)
        changed.quantity, changed.status = cast("int", increase.target_quantity), status
        values: dict[str, Any] = {
            "quantity": changed.quantity,
            "target_quantity": None,
            "status": status,
            "synced_revision": increase.revision,
            "next_sync_at": None,
            "updated_at": NOW,
        }
        return self._move(increase, changed, values, cause)

    def drop_increase(self, increase: "Order", *, seen: int, held: int | None) -> bool:
        """
        Drop an increase that was refused, or whose outcome is unknown.

        :param seen: the highest revision that product_service may have seen.
        :param held: how many units product_service holds at the revision of the increase; None if unknown. If they
            differ from the order's quantity, that is due to be pushed above `seen`.
        """
        values: dict[str, Any] = {"target_quantity": None}
        if held == increase.quantity:
            values |= {"synced_revision": increase.revision, "next_sync_at": None}
        else:
            values |= {"revision": max(seen, increase.revision) + 1, "next_sync_at": NOW}
        return self._unchanged(increase).update(**values) == 1

    def _move(
        self, order: "Order", changed: "Order", values: Mapping[str, Any], cause: Cause, kind: EventKind | None = None
    ) -> bool:
        """Update the row, if it is as the caller read it, and record the transition in the same transaction."""
        with transaction.atomic(using=self.db):
            if self._unchanged(order).update(**values) != 1:
                return False
            changed.revision = values.get("revision", order.revision)
            OrderEvent.objects.record(order, changed, cause=cause, kind=kind)
            return True

    def _unchanged(self, order: "Order") -> "OrderQuerySet":
        """Select the row if it is as the caller read it: the compare of every compare-and-swap."""
        return self.live().filter(
            pk=order.pk,
            status=order.status,
            quantity=order.quantity,
            target_quantity=order.target_quantity,
            revision=order.revision,
        )

    # ---- reconciling ----

    def acknowledge(self, order: "Order") -> bool:
        """Record that product_service holds the desired quantity at this revision."""
        rows = self.filter(pk=order.pk, revision=order.revision)
        return rows.update(synced_revision=order.revision, next_sync_at=None, attempts=0) == 1

    def raise_revision(self, order: "Order", *, above: int) -> bool:
        """Push the desired quantity again when the lease ends, above a revision that product_service has."""
        raised = max(above, order.revision) + 1
        return self.filter(pk=order.pk, revision=order.revision).update(revision=raised) == 1

    def push_again(self, order: "Order", *, above: int) -> bool:
        """Make the desired quantity due to be pushed now, above a revision that product_service has."""
        raised = max(above, order.revision) + 1
        rows = self.filter(pk=order.pk, revision=order.revision, target_quantity=order.target_quantity)
        decided = rows.exclude(placement=Placement.PLACING)
        return decided.update(revision=raised, next_sync_at=NOW, attempts=0) == 1

    def forget_keys(self, *, after: timedelta, now: Instant = NOW) -> int:
        """Clear the idempotency keys of requests that are older. The orders stay."""
        old = self.older_than(after, now=now).filter(idempotency_key__isnull=False)
        return old.exclude(placement=Placement.PLACING).update(idempotency_key=None)


def _confirm(connection: BaseDatabaseWrapper, rows: Sequence[tuple[Any, ...]]) -> dict[int, datetime]:
    """Return when each order was placed that still was `placing`, by its id."""
    with cursor_for(connection) as cursor:
        cursor.execute(CONFIRM[connection.vendor], [json.dumps(rows), len(rows)])
        return {order_id: as_instant(placed_at) for order_id, placed_at in cursor.fetchall()}
