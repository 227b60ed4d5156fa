"""Every undecided or unsynced order is resolved within 15 seconds of the end of what hindered it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from chaos.checker.rows import is_unresolved
from chaos.checker.run import Fault, Run, Sighting
from chaos.checker.violation import Violation, violation
from chaos.history import OrdersSeen

LIMIT = 15.0  # seconds
# The reconciler needs none of these. It reaches product_service through the gateway's internal listener.
NOT_HINDERING = ("client>gateway", "gateway>order_service", "follower")
ABORT_AGE = 11.0  # seconds after which only the reconciler acts on an undecided order


@dataclass(frozen=True)
class Unresolved:
    """A period in which an order was undecided, or its revision not acknowledged by product_service."""

    number: int
    first: OrdersSeen
    last: OrdersSeen  # the last one that still showed it
    over: OrdersSeen | None  # the first one that did not

    @property
    def lasted(self) -> float:
        """Seconds, at least."""
        return self.last.read_from - self.first.read_from


def unresolved_periods(run: Run) -> Iterator[Unresolved]:
    samples = [sample for sample in run.orders_seen if sample.rows is not None]
    before = dict(zip((id(sample) for sample in samples[1:]), samples, strict=False))
    for number, sightings in run.sightings.items():
        first: Sighting | None = None
        for sighting in sightings:
            if is_unresolved(sighting.row):
                first = first or sighting
            elif first:
                yield Unresolved(number, first.sample, before[id(sighting.sample)], sighting.sample)
                first = None
        if first:
            yield Unresolved(number, first.sample, samples[-1], None)


def all_resolved(run: Run) -> Iterator[Violation]:
    """
    The clock of a period starts when a sample first shows it. It starts again at the end of each fault that hinders the
    reconciler, and of each request for the same order, if that began before the time was up.
    """
    for period in unresolved_periods(run):
        if period.lasted <= LIMIT:
            continue
        since = _unhindered_since(run, period)
        if period.last.read_from > since + LIMIT:
            seconds = period.last.read_from - since
            message = f"order {period.number} was unresolved for {seconds:.1f} s that no fault hindered"
            yield violation(
                run,
                "outcome-not-resolved",
                message,
                evidence=[period.first, *([period.over] if period.over else [period.last])],
                related=run.requests_for(period.number),
                about=(period.number, None),
            )


def _unhindered_since(run: Run, period: Unresolved) -> float:
    since = period.first.read_from
    hindering = [(fault.began, fault.ended) for fault in run.faults if hinders(fault)]
    hindering += [
        (operation.began, min(operation.returned, operation.began + ABORT_AGE))
        for operation in run.requests_for(period.number)
        if operation.invoke.kind in {"change", "cancel"}
    ]
    for began, ended in sorted(hindering):
        if began > since + LIMIT:
            break
        since = max(since, ended)
    return min(since, inf)


def hinders(fault: Fault) -> bool:
    return not fault.target.startswith(NOT_HINDERING)
