"""What a run consists of, and how its time is divided."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["warm-up", "storms", "mild storms", "outage", "graceful restarts"]

WARM_UP = 8.0  # seconds
OUTAGE = 6.0
CALM_EVERY = 60.0  # seconds of storms after which everything in doubt is left to resolve itself
FIRST_STORMS = 0.4  # of the time, until the outage
SECOND_STORMS = 0.7  # of the time, until the graceful restarts; after them, processes are left alone
SHORT = 180.0  # seconds; a shorter run replaces one copy of everything and not both


@dataclass(frozen=True)
class Chapter:
    """
    A part of a run.

    :param until: seconds since the run began; storms blow until then.
    """

    part: Part
    until: float = 0.0
    copies: tuple[int, ...] = ()


@dataclass(frozen=True)
class Least:
    """What a run must have had to say anything: as many faults, of as many kinds, and operations."""

    faults: int = 0
    kinds: int = 0
    operations: int = 0


def chapters(seconds: float) -> Iterator[Chapter]:
    """Yield the parts of a run that takes about so many seconds in all."""
    yield Chapter("warm-up", min(WARM_UP, seconds / 8))
    yield Chapter("storms", seconds * FIRST_STORMS)
    yield Chapter("outage")
    yield Chapter("storms", seconds * SECOND_STORMS)
    yield Chapter("graceful restarts", copies=(1,) if seconds < SHORT else (1, 2))
    # Long enough, in a long run, for the memory of processes that nobody ends to be compared.
    yield Chapter("mild storms", seconds)
