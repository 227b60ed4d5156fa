"""The segments of a run, and how its time is divided among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["warm-up", "storms", "mild storms", "outage", "greedy customer", "graceful restarts"]

WARM_UP = 8.0  # seconds
OUTAGE = 6.0
GREED = 4.0
PAUSE_EVERY = 60.0  # seconds of storms after which faults stop until every order is resolved
FIRST_STORMS = 0.4  # of the time, until the outage
SECOND_STORMS = 0.7  # of the time, until the graceful restarts; after them, no fault hits a process
SHORT = 180.0  # seconds; a shorter run replaces one instance of everything and not both


@dataclass(frozen=True)
class Segment:
    """
    One segment of a run.

    :param until: seconds since the run began; storms are injected until then.
    """

    part: Part
    until: float = 0.0
    instances: tuple[int, ...] = ()


@dataclass(frozen=True)
class Least:
    """The least that a run must contain to be evidence: so many faults, kinds of faults and operations."""

    faults: int = 0
    kinds: int = 0
    operations: int = 0


def segments(seconds: float) -> Iterator[Segment]:
    """Yield the segments of a run that takes about so many seconds in all."""
    yield Segment("warm-up", min(WARM_UP, seconds / 8))
    yield Segment("storms", seconds * FIRST_STORMS)
    yield Segment("outage")
    yield Segment("greedy customer")
    yield Segment("storms", seconds * SECOND_STORMS)
    yield Segment("graceful restarts", instances=(1,) if seconds < SHORT else (1, 2))
    # In a long run, this is long enough to compare the memory of processes, which no fault stops here.
    yield Segment("mild storms", seconds)
