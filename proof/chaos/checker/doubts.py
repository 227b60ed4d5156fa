"""Everything in doubt resolves within 15 seconds of the end of what hindered it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from chaos.checker.rows import is_in_doubt
from chaos.checker.run import Fault, Run, Sighting
from chaos.checker.violation import Violation, violation
from chaos.history import OrdersSeen

LIMIT = 15.0  # seconds
# All that the reconciler needs is behind these. It reaches product_service through the gateway.
NOT_HINDERING = ("client>gateway", "gateway>order_service")
ABORT_AGE = 11.0  # seconds after which nobody drives an order any more but the reconciler


@dataclass(frozen=True)
class Doubt:
    """One stretch in which an order's fate, or product_service's knowledge of it, was open."""

    number: int
    first: OrdersSeen
    last: OrdersSeen  # the last one that still showed it
    over: OrdersSeen | None  # the first one that did not

    @property
    def lasted(self) -> float:
        """Seconds, at least."""
        return self.last.read_from - self.first.read_from


def doubts(run: Run) -> Iterator[Doubt]:
    samples = [sample for sample in run.orders_seen if sample.rows is not None]
    before = dict(zip((id(sample) for sample in samples[1:]), samples, strict=False))
    for number, sightings in run.sightings.items():
        first: Sighting | None = None
        for sighting in sightings:
            if is_in_doubt(sighting.row):
                first = first or sighting
            elif first:
                yield Doubt(number, first.sample, before[id(sighting.sample)], sighting.sample)
                first = None
        if first:
            yield Doubt(number, first.sample, samples[-1], None)


def resolved(run: Run) -> Iterator[Violation]:
    """
    The clock of a doubt starts when it is first seen, and again at the end of each fault that hinders the reconciler
    or of a request for the same order, if that began before the time was up.
    """
    for doubt in doubts(run):
        if doubt.lasted <= LIMIT:
            continue
        since = _free_since(run, doubt)
        if doubt.last.read_from > since + LIMIT:
            says = f"order {doubt.number} was in doubt for {doubt.last.read_from - since:.1f} s that nothing hindered"
            yield violation(
                run,
                "doubt-not-resolved",
                says,
                culprits=[doubt.first, *([doubt.over] if doubt.over else [doubt.last])],
                beside=run.asked_of(doubt.number),
                about=(doubt.number, None),
            )


def _free_since(run: Run, doubt: Doubt) -> float:
    since = doubt.first.read_from
    hindering = [(fault.began, fault.ended) for fault in run.faults if hinders(fault)]
    hindering += [
        (asked.began, min(asked.returned, asked.began + ABORT_AGE))
        for asked in run.asked_of(doubt.number)
        if asked.invoke.kind in {"change", "cancel"}
    ]
    for began, ended in sorted(hindering):
        if began > since + LIMIT:
            break
        since = max(since, ended)
    return min(since, inf)


def hinders(fault: Fault) -> bool:
    return not fault.target.startswith(NOT_HINDERING)
