"""What a run consists of, and how its time is divided."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["warm-up", "storms", "mild storms", "outage", "graceful restarts"]

WARM_UP = 8.0  # seconds
OUTAGE = 6.0
CALM_EVERY = 60.0  # seconds of storms after which everything in doubt is left to resolve itself
MILD = 0.3  # of the time, processes are left alone, so that their memory can be compared


@dataclass(frozen=True)
class Chapter:
    """
    A part of a run.

    :param seconds: how long it takes; of graceful restarts, the least.
    """

    part: Part
    seconds: float = 0.0


def chapters(seconds: float) -> Iterator[Chapter]:
    """Yield the parts of a run that takes about so many seconds in all."""
    warm_up, outage = min(WARM_UP, seconds / 8), min(OUTAGE, seconds / 8)
    restarts = 12.0  # about
    storms = max(0.0, seconds - warm_up - outage - restarts)
    yield Chapter("warm-up", warm_up)
    yield Chapter("storms", storms * (1 - MILD) / 2)
    yield Chapter("outage", outage)
    yield Chapter("storms", storms * (1 - MILD) / 2)
    yield Chapter("graceful restarts")
    yield Chapter("mild storms", storms * MILD)
