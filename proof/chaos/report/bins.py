"""Operations by time: how many a second, and how long they took."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, nan

from chaos.journal import meaning
from chaos.report.figures import Figures

BINS = 240
SHORTEST = 1.0  # seconds
NAMES = {"ok": "done", "fail": "refused", "info": "unknown"}


@dataclass(frozen=True)
class Bins:
    times: Sequence[float]  # the middle of each
    per_second: Mapping[str, Sequence[float]]  # by outcome
    latency: Mapping[tuple[str, int], Sequence[float]]  # milliseconds, by kind of request and percentile


def binned(figures: Figures) -> Bins:
    """Count operations in equal parts of the run, by when they were answered or given up."""
    width = max(SHORTEST, figures.seconds / BINS)
    number = max(1, ceil(figures.seconds / width))
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    for operation in figures.run.operations:
        place = min(int(min(operation.returned, figures.seconds) / width), number - 1)
        answer = operation.answer
        counts[NAMES["info" if answer is None else meaning(answer)]][place] += 1
        if answer is not None:
            what = "order placement" if operation.invoke.kind == "place" else "everything else"
            took[what, place].append(1000 * (operation.returned - operation.began))
    return Bins(
        times=[(place + 0.5) * width for place in range(number)],
        per_second={name: [counts[name][place] / width for place in range(number)] for name in NAMES.values()},
        latency={
            (what, share): [_percentile(took[what, place], share) for place in range(number)]
            for what in ("order placement", "everything else")
            for share in (50, 99)
        },
    )


def _percentile(values: list[float], share: int) -> float:
    return sorted(values)[ceil(len(values) * share / 100) - 1] if values else nan
