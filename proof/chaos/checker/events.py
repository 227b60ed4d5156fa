"""Every committed transition is one event, applied once by the follower, and in the order of its order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chaos.checker.operation import Operation
from chaos.checker.rows import REACHABLE
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Entry, EventsSeen
from chaos.seen import EventApplied

AFTER = {"cancel": "canceled", "ship": "shipped", "deliver": "delivered"}
Applied = tuple[EventsSeen, EventApplied]


def applied_once(run: Run) -> Iterator[Violation]:
    """No position is applied twice, and no order is placed, canceled, shipped or delivered twice."""
    for number, events in _by_order(run).items():
        seen: dict[tuple[str, str], Applied] = {}
        for sample, event in events:
            keys = [("position", event.position)]
            keys += [("kind", event.kind)] if event.kind != "quantity-changed" else []
            for key in keys:
                if key in seen:
                    message = f"order {number} was {event.kind} twice for the follower ({' '.join(key)})"
                    yield _about(run, "event-applied-twice", message, number, [seen[key][0], sample])
                seen[key] = (sample, event)


def in_order(run: Run) -> Iterator[Violation]:
    """The first event of an order is its placement, and each status is reachable from the one before."""
    for number, events in _by_order(run).items():
        first, *later = events
        if first[1].kind != "placed":
            message = f"the first event of order {number} is {first[1].kind}"
            yield _about(run, "event-out-of-order", message, number, [first[0]])
        before = first
        for after in later:
            if after[1].status not in REACHABLE[before[1].status]:
                message = f"order {number} was {before[1].status} and then {after[1].status} for the follower"
                yield _about(run, "event-out-of-order", message, number, [before[0], after[0]])
            before = after


def none_skipped(run: Run) -> Iterator[Violation]:
    """
    When the event of an order is applied, so are those of all changes that were acknowledged before it was requested.

    Their transactions had ended before that of the order began: a feed that shows them later lets readers miss them.
    """
    acknowledged = sorted((one for one in run.operations if one.is_ok and one.order_id), key=lambda one: one.returned)
    applied: dict[int, list[EventApplied]] = defaultdict(list)
    frontier, position = 0.0, 0
    for sample in run.events_seen:
        for event in sample.events:
            applied[event.order_id].append(event)
            if event.kind == "placed":
                frontier = max(frontier, _requested_at(run, event.order_id))
        while position < len(acknowledged) and acknowledged[position].returned < frontier:
            operation = acknowledged[position]
            position += 1
            number = operation.order_id or 0
            if not _is_among(operation, applied[number]):
                message = f"order {number}: the follower went past the event of an acknowledged {operation.invoke.kind}"
                yield _about(run, "event-missing", message, number, [*operation.entries, sample])


def _requested_at(run: Run, number: int) -> float:
    """When the first attempt to place this order began; 0 if its client has never learned of it."""
    places = [one for one in run.requests_for(number) if one.invoke.kind == "place"]
    attempts = [again for one in places for again in run.by_key.get((one.invoke.owner, one.invoke.key or ""), [one])]
    return min((attempt.began for attempt in attempts), default=0.0)


def complete(run: Run) -> Iterator[Violation]:
    """At rest, the last event of each live order is its row, and each change that was acknowledged is an event."""
    if not any(run.phases_called("quiet")) or not run.events_seen:
        return
    applied = _by_order(run)
    quiet = next(run.phases_called("quiet"))
    last_look = run.events_seen[-1]
    if last_look.read_from < quiet.began:
        return
    for number, sightings in run.sightings.items():
        row = sightings[-1].row
        events = [event for _, event in applied.get(number, [])]
        if row.placement == "live" and (
            not events or (events[-1].status, events[-1].quantity) != (row.status, row.quantity)
        ):
            last = f"{events[-1].kind} ({events[-1].quantity})" if events else "none"
            message = f"order {number} is {row.status} ({row.quantity}), and its last event is {last}"
            yield _about(run, "event-missing", message, number, [sightings[-1].sample, last_look])
            continue
        for operation in run.requests_for(number):
            if operation.is_ok and not _is_among(operation, events):
                message = f"order {number} has no event for an acknowledged {operation.invoke.kind}"
                yield _about(run, "event-missing", message, number, [*operation.entries, last_look])


def _is_among(operation: Operation, events: Sequence[EventApplied]) -> bool:
    invoke = operation.invoke
    if invoke.kind == "place":
        return any(event.kind == "placed" for event in events)
    if invoke.kind == "change":
        return any(
            event.quantity == invoke.quantity for event in events if event.kind in {"placed", "quantity-changed"}
        )
    return invoke.kind not in AFTER or any(event.kind == AFTER[invoke.kind] for event in events)


def _by_order(run: Run) -> dict[int, list[Applied]]:
    """The events of each order, as the follower applied them."""
    found: dict[int, list[Applied]] = defaultdict(list)
    for sample in run.events_seen:
        for event in sample.events:
            found[event.order_id].append((sample, event))
    return found


def _about(run: Run, invariant: str, message: str, number: int, evidence: Sequence[Entry]) -> Violation:
    return violation(
        run,
        invariant,
        message,
        evidence=evidence,
        related=run.requests_for(number),
        about=(number, None),
    )
