"""Which values something may have, when several requests set it and each took a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Write(Generic[Value]):
    value: Value
    began: float  # it had no effect before
    settled: float  # it had its effect; infinite if it may come yet


def possible(writes: Iterable[Write[Value]], begin: float, end: float) -> set[Value]:
    """
    Return every value that there may have been at some moment between `begin` and `end`.

    A value is out once another write began after its own had settled, and itself settled before `begin`.
    """
    begun = [write for write in writes if write.began <= end]
    last = max((write.began for write in begun if write.settled <= begin), default=float("-inf"))
    return {write.value for write in begun if write.settled >= last}
