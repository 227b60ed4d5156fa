"""The faults that are active on a link, and their combined effect on the bytes that pass."""

import random
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# Connections are refused and existing ones reset / nothing passes until it ends / every chunk is delayed /
# a request is cut / an answer is cut / the server vanishes: what is sent either way is swallowed, ends included.
LinkFaultKind: TypeAlias = Literal["refuse", "blackhole", "latency", "cut-request", "cut-reply", "vanish"]


@dataclass
class LinkFault:
    """
    One fault of a link.

    :param seconds: the longest delay of a chunk; the shortest is half of it.
    :param share: how much of the first chunk of a request, or of an answer, passes before it is cut.
    :param count: how many requests or answers are cut.
    :param deliver: whether a black hole delivers what it held back when it ends, or resets those connections; whether
        new connections reach a server that has vanished. The silent ones are reset in the end.
    """

    kind: LinkFaultKind
    seconds: float = 0.0
    share: float = 0.0
    count: int = 1
    deliver: bool = True
    touched: int = 0  # the connections, requests or answers that it affected


@dataclass
class FaultSet:
    """The active faults of one link, by number."""

    by_number: dict[int, LinkFault] = field(default_factory=dict)

    def first(self, kind: LinkFaultKind) -> LinkFault | None:
        return next((fault for fault in self.by_number.values() if fault.kind == kind), None)

    @property
    def is_empty(self) -> bool:
        return not self.by_number

    def delay(self) -> float:
        """Return the delay, in seconds, of a chunk that arrives now."""
        seconds = 0.0
        for fault in self.by_number.values():
            if fault.kind == "latency":
                fault.touched += 1
                seconds += fault.seconds * random.uniform(0.5, 1.0)  # noqa: S311 - a delay is no secret
        return seconds

    def cut(self, kind: Literal["cut-request", "cut-reply"]) -> float | None:
        """Use up one cut, if one is left. Return the share of the chunk that still passes."""
        for fault in self.by_number.values():
            if fault.kind == kind and fault.touched < fault.count:
                fault.touched += 1
                return fault.share
        return None
