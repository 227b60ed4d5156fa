"""What happened to orders: one row for each committed transition, written in its own transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BigIntegerField, F, Func, OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from orders.request_ids import LONGEST_REQUEST_ID, current_request_id, recorded_request_id
from orders.states import EventKind, Status
from service_kit.database.clock import Now

if TYPE_CHECKING:
    from orders.models import Order


class CauseKind(StrEnum):
    """Who causes a transition: whoever has a token, a clerk in the admin, or the service itself."""

    USER = "user"
    CLERK = "clerk"
    SYSTEM = "system"


@dataclass(frozen=True)
class Cause:
    """Who causes a transition. `name` is a token's subject, or a clerk's name."""

    kind: CauseKind
    name: str = ""


def by_user(subject: str) -> Cause:
    return Cause(CauseKind.USER, subject)


def by_clerk(name: str) -> Cause:
    return Cause(CauseKind.CLERK, name)


BY_SYSTEM = Cause(CauseKind.SYSTEM)


class _OfPostgreSQL(Func):
    """A number that only PostgreSQL has. SQLite writes one transaction after another, and needs none."""

    arity = 0
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="0", **context)


class CurrentTransaction(_OfPostgreSQL):
    template = "pg_current_xact_id()::text::bigint"


class FirstUndecided(_OfPostgreSQL):
    """The first transaction that may still commit. What each one before it wrote is visible, or never will be."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="1", **context)


class FirstAhead(_OfPostgreSQL):
    """The first transaction that this server has not begun."""

    template = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class OrderEventQuerySet(models.QuerySet["OrderEvent"]):
    FEED: tuple[OrderBy, ...] = (F("transaction").asc(), F("id").asc())

    def in_feed(self) -> "OrderEventQuerySet":
        """Keep the events before which none can appear any more, in the order of the feed."""
        return self.filter(transaction__lt=FirstUndecided()).order_by(*self.FEED)

    def after(self, transaction: int, event_id: int) -> "OrderEventQuerySet":
        later = TupleGreaterThan(Tuple(F("transaction"), F("id")), (transaction, event_id))
        return self.filter(transaction__gte=transaction).filter(later)

    def record(self, before: "Order", after: "Order", *, cause: Cause, kind: EventKind | None = None) -> None:
        """Record a transition, in the transaction that updates the order's row."""
        self.create(
            order_id=after.pk,
            kind=kind or _kind(before, after),
            revision=after.revision,
            quantity=after.quantity,
            status=after.status,
            cause=cause.kind,
            cause_name=cause.name,
            request_id=recorded_request_id(current_request_id()),
        )


class OrderEvent(models.Model):
    """
    One transition of a live order, and the order as it was after it.

    Events are read in order of `transaction` and `id`. Numbers are given before a commit and become visible with it, in
    another order; a reader by `id` alone would miss the event that commits after one with a larger id.
    """

    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    order = models.ForeignKey(
        "orders.Order", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="events"
    )
    kind = models.CharField(max_length=16, choices=EventKind)
    revision = models.IntegerField()
    quantity = models.IntegerField()
    status = models.CharField(max_length=9, choices=Status)
    at = models.DateTimeField(db_default=Now())
    cause = models.CharField(max_length=6)
    cause_name = models.CharField(max_length=255, blank=True)
    request_id = models.CharField(max_length=LONGEST_REQUEST_ID, blank=True)

    objects = OrderEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "id"], name="orderevent_feed"),
            models.Index(fields=["order", "id"], name="orderevent_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} order {self.order_id}"


def _kind(before: "Order", after: "Order") -> EventKind:
    return EventKind.QUANTITY_CHANGED if after.status == before.status else EventKind(after.status)


def placed_event(order: "Order", *, at: datetime) -> OrderEvent:
    """Return the event of an order that became live: its owner placed it."""
    return OrderEvent(
        order_id=order.pk,
        kind=EventKind.PLACED,
        revision=1,
        quantity=order.quantity,
        status=Status.PENDING,
        at=at,
        cause=CauseKind.USER,
        cause_name=order.owner,
        request_id=order.request_id,
    )


class FeedState(models.Model):
    """
    The one row about the feed: which feed it is, and up to which event it was deleted.

    A database that was restored is another feed: its transactions are numbered anew, and events that readers have may
    be missing. Positions name the generation, so that one of another feed is refused.
    """

    generation = models.BigIntegerField()
    gone_transaction = models.BigIntegerField(default=-1)
    gone_event = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"feed {self.generation:x}"
