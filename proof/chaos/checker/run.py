"""A whole run, sorted and indexed: the input of every check."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from chaos.checker.operation import Operation
from chaos.history import (
    End,
    Entry,
    EventsSeen,
    Fail,
    FaultBegin,
    FaultEnd,
    Info,
    Invoke,
    Memory,
    Ok,
    OrdersSeen,
    PhaseBegin,
    PhaseEnd,
    ProductsSeen,
    Reply,
    Start,
)
from chaos.seen import OrderSeen

Owned = tuple[str, str]  # an owner and one of their keys


Begin = TypeVar("Begin", FaultBegin, PhaseBegin)


@dataclass(frozen=True, eq=False)
class Span(Generic[Begin]):
    """A fault or a phase. One without an end lasts until the end of the run."""

    begin: Begin
    end: FaultEnd | PhaseEnd | None

    @property
    def began(self) -> float:
        return self.begin.at

    @property
    def ended(self) -> float:
        return self.end.at if self.end else math.inf

    @property
    def target(self) -> str:
        return self.begin.target

    @property
    def entries(self) -> list[Entry]:
        return [self.begin, self.end] if self.end else [self.begin]

    def overlaps(self, begin: float, end: float) -> bool:
        return self.began <= end and begin <= self.ended


Fault = Span[FaultBegin]
Phase = Span[PhaseBegin]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A row as it was first seen in this state."""

    sample: OrdersSeen
    row: OrderSeen


@dataclass(eq=False)
class Run:
    start: Start | None = None
    operations: list[Operation] = field(default_factory=list)
    orders_seen: list[OrdersSeen] = field(default_factory=list)
    products_seen: list[ProductsSeen] = field(default_factory=list)
    events_seen: list[EventsSeen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    is_whole: bool = False
    last: float = 0.0  # of any line

    @property
    def wall_offset(self) -> float:
        """What to subtract from a wall time to get a time of this run."""
        return self.start.wall - self.start.at if self.start else 0.0

    @cached_property
    def places(self) -> list[Operation]:
        return [operation for operation in self.operations if operation.invoke.kind == "place"]

    @cached_property
    def by_key(self) -> dict[Owned, list[Operation]]:
        """The attempts to place an order, by owner and key."""
        found: dict[Owned, list[Operation]] = defaultdict(list)
        for operation in self.places:
            if operation.invoke.key is not None:
                found[operation.invoke.owner, operation.invoke.key].append(operation)
        return dict(found)

    @cached_property
    def by_order(self) -> dict[int, list[Operation]]:
        """The operations of each order, with its placement where the answer shows the order's id."""
        found: dict[int, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            if operation.order_id is not None:
                found[operation.order_id].append(operation)
        return dict(found)

    @cached_property
    def sightings(self) -> dict[int, list[Sighting]]:
        """How each row of order_service changed, as far as samples show it."""
        found: dict[int, list[Sighting]] = defaultdict(list)
        for sample in self.orders_seen:
            for row in sample.rows or ():
                found[row.id].append(Sighting(sample, row))
        return dict(found)

    @cached_property
    def product_writes(self) -> dict[int, list[Operation]]:
        """Edits and stock adjustments that may have had an effect, by product."""
        found: dict[int, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            if operation.invoke.kind in {"adjust-stock", "edit-product"} and not operation.is_without_effect:
                found[operation.invoke.product_id or 0].append(operation)
        return dict(found)

    def requests_for(self, number: int | None) -> list[Operation]:
        """The operations of one order."""
        return self.by_order.get(number or 0, [])

    def seen_of(self, number: int) -> list[Sighting]:
        return self.sightings.get(number, [])

    def written_to(self, product_id: int | None) -> list[Operation]:
        return self.product_writes.get(product_id or 0, [])

    def faults_during(self, begin: float, end: float) -> Iterator[Fault]:
        for fault in self.faults:
            if fault.began > end:
                return
            if fault.ended >= begin:
                yield fault

    def phases_called(self, name: str) -> Iterator[Phase]:
        return (phase for phase in self.phases if phase.begin.name == name)


def gather(entries: Iterable[Entry]) -> Run:
    """Sort and index a history, or the part that is already written."""
    by_type: dict[type, list[Any]] = defaultdict(list)
    last = 0.0
    for entry in sorted(entries, key=lambda entry: entry.at):
        by_type[type(entry)].append(entry)
        last = entry.at
    replies: dict[int, Reply] = {reply.op: reply for kind in (Ok, Fail, Info) for reply in by_type[kind]}
    fault_ends: dict[int, FaultEnd] = {end.fault: end for end in by_type[FaultEnd]}
    phase_ends: dict[int, PhaseEnd] = {end.phase: end for end in by_type[PhaseEnd]}
    return Run(
        start=next(iter(by_type[Start]), None),
        operations=[Operation(invoke, replies.get(invoke.op)) for invoke in by_type[Invoke]],
        orders_seen=by_type[OrdersSeen],
        products_seen=by_type[ProductsSeen],
        events_seen=by_type[EventsSeen],
        faults=[Span(begin, fault_ends.get(begin.fault)) for begin in by_type[FaultBegin]],
        phases=[Span(begin, phase_ends.get(begin.phase)) for begin in by_type[PhaseBegin]],
        memory=by_type[Memory],
        is_whole=bool(by_type[End]),
        last=last,
    )
