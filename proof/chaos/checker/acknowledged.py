"""Every acknowledged order exists, as it was acknowledged and as it was acknowledgedly changed."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf

from chaos.checker.operation import Operation
from chaos.checker.registers import Write, possible
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Entry

READING_ONE = frozenset({"read-order", "change", "cancel", "ship", "deliver"})


def exists(run: Run) -> Iterator[Violation]:
    """From the answer 201 on, every sample has the order, live, and nobody who asks for it is told `not-found`."""
    samples = [sample for sample in run.orders_seen if sample.rows is not None]
    times = [sample.read_from for sample in samples]
    for place in run.places:
        if place.shown is None:
            continue
        sightings = run.seen_of(place.shown.id)
        seen = next((sighting.sample for sighting in sightings if sighting.row.placement == "live"), None)
        due = bisect_left(times, place.returned)
        if due < len(samples) and (seen is None or seen.at > samples[due].at):
            says = f"order {place.shown.id} was acknowledged and is not there"
            yield _about(run, "acknowledged-order-lost", says, place, [samples[due]])
    for sample in samples:
        for number in sample.gone:
            answered = [place for place in run.asked_of(number) if place.invoke.kind == "place"]
            if answered:
                says = f"order {number} was acknowledged and is there no more"
                yield _about(run, "acknowledged-order-lost", says, answered[0], [sample])
    for operation in run.operations:
        if operation.problem == "not-found" and operation.invoke.kind in READING_ONE:
            known = [place for place in run.asked_of(operation.order_id) if place.invoke.kind == "place"]
            if known and known[0].returned <= operation.began:
                says = f"order {operation.order_id} was acknowledged and was not found"
                yield _about(run, "acknowledged-order-lost", says, known[0], operation.entries)


def is_as_acknowledged(run: Run) -> Iterator[Violation]:
    """The answer 201 shows what was asked for, and the row shows the same for ever."""
    for place in run.places:
        shown = place.shown
        if shown is None:
            continue
        asked = place.invoke
        if (shown.product_id, shown.quantity, shown.status) != (asked.product_id, asked.quantity, "pending") or (
            Decimal(shown.unit_price) * shown.quantity != Decimal(shown.total_price)
        ):
            yield _about(run, "acknowledged-order-differs", "201 with something else than was asked for", place, [])
        for sighting in run.seen_of(shown.id):
            row = sighting.row
            kept = (row.owner, row.key, row.product_id, row.placed_quantity, row.product_name)
            # A key is forgotten after 72 hours, which no run takes.
            acknowledged = (asked.owner, asked.key, shown.product_id, shown.quantity, shown.product_name)
            if row.placement == "live" and (
                kept != acknowledged or Decimal(row.unit_price or 0) != Decimal(shown.unit_price)
            ):
                says = f"order {shown.id} is not as it was acknowledged"
                yield _about(run, "acknowledged-order-differs", says, place, [sighting.sample])
                break


def quantity_was_asked_for(run: Run) -> Iterator[Violation]:
    """Whoever sees an order sees a quantity that somebody asked for and that no later change has replaced."""
    for number, operations in run.by_order.items():
        placed = [operation for operation in operations if operation.invoke.kind == "place"]
        if not placed:
            continue  # its placing was never answered: its first quantity is not known here
        writes = [Write(placed[0].invoke.quantity, -inf, min(operation.returned for operation in placed))]
        writes += [
            Write(operation.invoke.quantity, operation.began, operation.settled)
            for operation in operations
            if operation.invoke.kind == "change" and not operation.is_without_effect
        ]
        for operation in operations:
            shown = operation.shown
            if shown is None or operation.invoke.kind not in READING_ONE:
                continue
            if shown.quantity not in possible(writes, operation.began, operation.returned):
                says = f"order {number} shows a quantity of {shown.quantity}, which it cannot have"
                yield violation(run, "quantity-never-asked-for", says, culprits=operation.entries, beside=operations)
        for sighting in run.seen_of(number):
            sample = sighting.sample
            if sighting.row.placement == "live" and sighting.row.quantity not in possible(
                writes, sample.read_from, sample.at
            ):
                says = f"order {number} has a quantity of {sighting.row.quantity}, which it cannot have"
                yield violation(
                    run, "quantity-never-asked-for", says, culprits=[sample], beside=operations, about=(number, None)
                )


def _about(run: Run, name: str, says: str, place: Operation, culprits: Sequence[Entry]) -> Violation:
    number = place.shown.id if place.shown else None
    return violation(
        run,
        name,
        says,
        culprits=[*place.entries, *culprits],
        beside=run.asked_of(number),
        about=(number, None),
    )
