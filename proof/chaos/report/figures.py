"""The figures of one run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from chaos.checker.memory import Growth, growths
from chaos.checker.operation import Operation
from chaos.checker.recovery import recoveries
from chaos.checker.run import Run
from chaos.checker.unresolved import unresolved_periods
from chaos.checker.violation import Violation
from chaos.journal import meaning

AFTERMATH = 5.0  # seconds after a fault in which a follower may still wait for its next try


@dataclass(frozen=True)
class Spread:
    """Percentiles, of values in seconds; all zero of none."""

    count: int
    p50: float
    p90: float
    p99: float
    most: float


@dataclass(frozen=True)
class Summary:
    """The results of one kind of operation."""

    kind: str
    done: int
    refused: int
    unknown: int  # no answer, or one that leaves the outcome open
    latency: Spread  # of those that were answered

    @property
    def count(self) -> int:
        return self.done + self.refused + self.unknown


@dataclass
class Figures:
    run: Run
    violations: Sequence[Violation]

    @property
    def seconds(self) -> float:
        return self.run.last

    @cached_property
    def faults(self) -> Counter[str]:
        """By kind."""
        return Counter(fault.begin.kind for fault in self.run.faults)

    @cached_property
    def faults_at(self) -> Counter[tuple[str, str]]:
        """By kind and target."""
        return Counter((fault.begin.kind, fault.target) for fault in self.run.faults)

    @cached_property
    def operations(self) -> list[Summary]:
        by_kind: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.run.operations:
            by_kind[operation.invoke.kind].append(operation)
        return [_summary(kind, of_kind) for kind, of_kind in sorted(by_kind.items(), key=lambda item: -len(item[1]))]

    @cached_property
    def recovery(self) -> Spread:
        """From the end of a fault until an order is placed again."""
        return spread(recovery.seconds for recovery in recoveries(self.run))

    @cached_property
    def recovery_by_kind(self) -> dict[str, Spread]:
        seconds: dict[str, list[float]] = defaultdict(list)
        for recovery in recoveries(self.run):
            seconds[recovery.fault.begin.kind].append(recovery.seconds)
        return {kind: spread(values) for kind, values in sorted(seconds.items())}

    @cached_property
    def unresolved(self) -> Spread:
        """How long orders were undecided or unsynced, with the faults in that time."""
        return spread(period.lasted for period in unresolved_periods(self.run))

    @cached_property
    def lag(self) -> Spread:
        """How old events were when the follower had applied them, of those that no fault delayed."""
        events = [event for sample in self.run.events_seen for event in sample.events]
        times = [(event.made - self.run.wall_offset, event.at - self.run.wall_offset) for event in events]
        return spread(
            applied - made for made, applied in times if not any(self.run.faults_during(made - AFTERMATH, applied))
        )

    @cached_property
    def growth(self) -> list[Growth]:
        return list(growths(self.run))

    @cached_property
    def broken(self) -> Counter[str]:
        return Counter(violation.invariant for violation in self.violations)

    @property
    def snapshots(self) -> int:
        """Of either database."""
        return len(self.run.orders_seen) + len(self.run.products_seen)

    @property
    def orders(self) -> int:
        """Rows that were live at some time."""
        return sum(any(one.row.placement == "live" for one in seen) for seen in self.run.sightings.values())


def spread(values: Iterable[float]) -> Spread:
    ranked = sorted(values)
    if not ranked:
        return Spread(0, 0.0, 0.0, 0.0, 0.0)
    p50, p90, p99 = (ranked[ceil(len(ranked) * share) - 1] for share in (0.5, 0.9, 0.99))
    return Spread(len(ranked), p50, p90, p99, ranked[-1])


def _summary(kind: str, operations: Sequence[Operation]) -> Summary:
    meanings = Counter("info" if one.answer is None else meaning(one.answer) for one in operations)
    return Summary(
        kind,
        done=meanings["ok"],
        refused=meanings["fail"],
        unknown=meanings["info"],
        latency=spread(one.returned - one.began for one in operations if one.answer is not None),
    )
