"""No part's processes grow by more than a tenth."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Memory

LIMIT = 0.10
WARM = 30.0  # seconds after which a process has loaded what it needs
SHORTEST = 120.0  # seconds of warm samples, without which growth says nothing
FEWEST = 5  # samples at either end


@dataclass(frozen=True)
class Growth:
    """What a process of a part keeps in memory in the first and in the last third of a run."""

    part: str
    first: list[Memory]
    last: list[Memory]

    @property
    def before(self) -> float:
        """KiB."""
        return median(sample.kib for sample in self.first)

    @property
    def after(self) -> float:
        return median(sample.kib for sample in self.last)

    @property
    def share(self) -> float:
        return self.after / self.before - 1


def growths(run: Run) -> Iterator[Growth]:
    """Yield the growth of each part that was watched for long enough; databases fill their caches, and are left out."""
    born: dict[int, float] = {}
    warm: dict[str, list[Memory]] = defaultdict(list)
    for sample in run.memory:
        born.setdefault(sample.pid, sample.at)
        if sample.at >= born[sample.pid] + WARM and not sample.part.endswith("/database"):
            warm[sample.part].append(sample)
    for part, samples in sorted(warm.items()):
        began, span = samples[0].at, samples[-1].at - samples[0].at
        first = [sample for sample in samples if sample.at <= began + span / 3]
        last = [sample for sample in samples if sample.at >= began + span * 2 / 3]
        if span >= SHORTEST and min(len(first), len(last)) >= FEWEST:
            yield Growth(part, first, last)


def is_bounded(run: Run) -> Iterator[Violation]:
    for growth in growths(run):
        if growth.share > LIMIT:
            before, after = (f"{kib / 1024:.1f} MiB" for kib in (growth.before, growth.after))
            says = f"a process of {growth.part} had {before} and then {after}, {growth.share:.0%} more"
            yield violation(run, "memory-grew", says, culprits=[*growth.first[:3], *growth.last[-3:]])
