"""No process grows by more than a tenth."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Memory

LIMIT = 0.10
WARM = 30.0  # seconds after which a process has loaded what it needs
SHORTEST = 120.0  # seconds of warm samples, fewer are not compared
FEWEST = 5  # samples at either end


@dataclass(frozen=True)
class Growth:
    """What one process of a part kept in memory in the first and in the last third of its life."""

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

    @property
    def lived(self) -> float:
        """Seconds, as far as samples show."""
        return self.last[-1].at - self.first[0].at


def growths(run: Run) -> Iterator[Growth]:
    """
    Yield the growth of the process of each part that lived for longest, if it was long enough.

    Databases fill their caches, and are left out.
    """
    lives: dict[tuple[str, int], list[Memory]] = defaultdict(list)
    for sample in run.memory:
        if not sample.part.endswith("/database"):
            lives[sample.part, sample.pid].append(sample)
    oldest: dict[str, Growth] = {}
    for (part, _), samples in lives.items():
        growth = _growth(part, [sample for sample in samples if sample.at >= samples[0].at + WARM])
        if growth is not None and (part not in oldest or growth.lived > oldest[part].lived):
            oldest[part] = growth
    yield from (oldest[part] for part in sorted(oldest))


def _growth(part: str, warm: list[Memory]) -> Growth | None:
    if not warm:
        return None
    began, span = warm[0].at, warm[-1].at - warm[0].at
    first = [sample for sample in warm if sample.at <= began + span / 3]
    last = [sample for sample in warm if sample.at >= began + span * 2 / 3]
    return Growth(part, first, last) if span >= SHORTEST and min(len(first), len(last)) >= FEWEST else None


def is_bounded(run: Run) -> Iterator[Violation]:
    for growth in growths(run):
        if growth.share > LIMIT:
            before, after = (f"{kib / 1024:.1f} MiB" for kib in (growth.before, growth.after))
            message = f"a process of {growth.part} had {before} and then {after}, {growth.share:.0%} more"
            yield violation(run, "memory-grew", message, evidence=[*growth.first[:3], *growth.last[-3:]])
