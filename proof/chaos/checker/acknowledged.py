"""Every acknowledged order exists, with the values of its acknowledgement and of acknowledged changes."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf

from chaos.checker.operation import Operation
from chaos.checker.registers import Write, possible
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Entry

OF_ONE_ORDER = frozenset({"read-order", "change", "cancel", "ship", "deliver"})


def exists(run: Run) -> Iterator[Violation]:
    """From the answer 201 on, every sample has the order, live, and no request for it gets `not-found`."""
    samples = [sample for sample in run.orders_seen if sample.rows is not None]
    times = [sample.read_from for sample in samples]
    for place in run.places:
        if place.shown is None:
            continue
        sightings = run.seen_of(place.shown.id)
        seen = next((sighting.sample for sighting in sightings if sighting.row.placement == "live"), None)
        due = bisect_left(times, place.returned)
        if due < len(samples) and (seen is None or seen.at > samples[due].at):
            message = f"order {place.shown.id} was acknowledged and is not there"
            yield _about(run, "acknowledged-order-lost", message, place, [samples[due]])
    for sample in samples:
        for number in sample.gone:
            placed = [place for place in run.requests_for(number) if place.invoke.kind == "place"]
            if placed:
                message = f"order {number} was acknowledged and is no longer there"
                yield _about(run, "acknowledged-order-lost", message, placed[0], [sample])
    for operation in run.operations:
        if operation.problem == "not-found" and operation.invoke.kind in OF_ONE_ORDER:
            known = [place for place in run.requests_for(operation.order_id) if place.invoke.kind == "place"]
            if known and known[0].returned <= operation.began:
                message = f"order {operation.order_id} was acknowledged and was not found"
                yield _about(run, "acknowledged-order-lost", message, known[0], operation.entries)


def is_as_acknowledged(run: Run) -> Iterator[Violation]:
    """The 201 shows what was requested, and the row keeps showing it."""
    for place in run.places:
        shown = place.shown
        if shown is None:
            continue
        requested = place.invoke
        if (shown.product_id, shown.quantity, shown.status) != (
            requested.product_id,
            requested.quantity,
            "pending",
        ) or (Decimal(shown.unit_price) * shown.quantity != Decimal(shown.total_price)):
            yield _about(
                run, "acknowledged-order-differs", "the 201 shows something else than was requested", place, []
            )
        for sighting in run.seen_of(shown.id):
            row = sighting.row
            kept = (row.owner, row.key, row.product_id, row.placed_quantity, row.product_name)
            # A key is forgotten after 72 hours, which no run takes.
            acknowledged = (requested.owner, requested.key, shown.product_id, shown.quantity, shown.product_name)
            if row.placement == "live" and (
                kept != acknowledged or Decimal(row.unit_price or 0) != Decimal(shown.unit_price)
            ):
                message = f"order {shown.id} differs from its acknowledgement"
                yield _about(run, "acknowledged-order-differs", message, place, [sighting.sample])
                break


def quantity_was_requested(run: Run) -> Iterator[Violation]:
    """Every answer and sample shows a quantity that was requested and that no later change has replaced."""
    for number, operations in run.by_order.items():
        placed = [operation for operation in operations if operation.invoke.kind == "place"]
        if not placed:
            continue  # its placement was never answered: its first quantity is not known here
        writes = [Write(placed[0].invoke.quantity, -inf, min(operation.returned for operation in placed))]
        writes += [
            Write(operation.invoke.quantity, operation.began, operation.settled)
            for operation in operations
            if operation.invoke.kind == "change" and not operation.is_without_effect
        ]
        for operation in operations:
            shown = operation.shown
            if shown is None or operation.invoke.kind not in OF_ONE_ORDER:
                continue
            if shown.quantity not in possible(writes, operation.began, operation.returned):
                message = f"order {number} shows a quantity of {shown.quantity}, which it cannot have"
                yield violation(
                    run, "quantity-never-requested", message, evidence=operation.entries, related=operations
                )
        for sighting in run.seen_of(number):
            sample = sighting.sample
            if sighting.row.placement == "live" and sighting.row.quantity not in possible(
                writes, sample.read_from, sample.at
            ):
                message = f"order {number} has a quantity of {sighting.row.quantity}, which it cannot have"
                yield violation(
                    run,
                    "quantity-never-requested",
                    message,
                    evidence=[sample],
                    related=operations,
                    about=(number, None),
                )


def _about(run: Run, name: str, message: str, place: Operation, evidence: Sequence[Entry]) -> Violation:
    number = place.shown.id if place.shown else None
    return violation(
        run,
        name,
        message,
        evidence=[*place.entries, *evidence],
        related=run.requests_for(number),
        about=(number, None),
    )
