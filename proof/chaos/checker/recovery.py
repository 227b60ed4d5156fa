"""How soon after a fault orders can be placed again."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from chaos.checker.keys import is_saved
from chaos.checker.run import Fault, Run
from chaos.checker.violation import Violation, violation

LIMIT = 15.0  # seconds


@dataclass(frozen=True)
class Recovery:
    """From the end of a fault to the end of the first order placement that began after it and was decided."""

    fault: Fault
    seconds: float
    is_over: bool  # False if no order was placed before the run ended


def recoveries(run: Run) -> Iterator[Recovery]:
    """Yield one for each fault that ended. Where another fault follows at once, its end counts."""
    decided = [place for place in run.places if is_saved(place) and place.answer and not place.answer.replayed]
    begins = [place.began for place in decided]
    soonest = list(accumulate((place.returned for place in reversed(decided)), min))[::-1]
    for fault in run.faults:
        if fault.end is None:
            continue
        position = bisect_left(begins, fault.ended)
        is_over = position < len(soonest)
        until = soonest[position] if is_over else _last_attempt(run, fault.ended)
        others = [other.ended for other in run.faults_during(fault.ended, until)]
        if is_over or all(ended <= until for ended in others):
            since = max([fault.ended, *(ended for ended in others if ended <= until)])
            yield Recovery(fault, until - since, is_over=is_over)


def _last_attempt(run: Run, since: float) -> float:
    """When the last order placement that began since then failed."""
    ends = (min(place.returned, run.last) for place in run.places if place.began >= since)
    return max(ends, default=since)


def is_soon(run: Run) -> Iterator[Violation]:
    for recovery in recoveries(run):
        if recovery.seconds > LIMIT:
            message = f"no order could be placed for {recovery.seconds:.1f} s after fault {recovery.fault.begin.fault}"
            yield violation(run, "recovery-too-slow", message, evidence=recovery.fault.entries)
