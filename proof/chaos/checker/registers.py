"""The values that a field may have while several overlapping requests set it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Write(Generic[Value]):
    value: Value
    began: float  # it had no effect before
    settled: float  # it had its effect; infinite if it may still do so


def possible(writes: Iterable[Write[Value]], begin: float, end: float) -> set[Value]:
    """
    Return every value that there may have been at some moment between `begin` and `end`.

    A value is ruled out once another write began after its own had settled, and itself settled before `begin`.
    """
    begun = [write for write in writes if write.began <= end]
    last = max((write.began for write in begun if write.settled <= begin), default=float("-inf"))
    return {write.value for write in begun if write.settled >= last}
