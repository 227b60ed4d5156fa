"""What ails a link: the faults that are on at the moment, and what they do to what passes, taken together."""

import random
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# Nobody can connect, and who is connected is thrown out / nothing passes until it ends / everything is late /
# a request breaks off / an answer breaks off.
Ailment: TypeAlias = Literal["refuse", "blackhole", "latency", "cut-request", "cut-reply"]


@dataclass
class Trouble:
    """
    One fault of a link.

    :param seconds: how late everything is; each chunk between half of it and all of it.
    :param share: how much of the first chunk of a request, or of an answer, passes before it is cut.
    :param count: how many requests or answers are cut.
    :param deliver: whether what a black hole has swallowed arrives when it ends; else its connections break.
    """

    ailment: Ailment
    seconds: float = 0.0
    share: float = 0.0
    count: int = 1
    deliver: bool = True
    touched: int = 0  # the connections, requests or answers that it had an effect on


@dataclass
class Weather:
    """The troubles of one link, by the number of the fault."""

    troubles: dict[int, Trouble] = field(default_factory=dict)

    def one(self, ailment: Ailment) -> Trouble | None:
        return next((trouble for trouble in self.troubles.values() if trouble.ailment == ailment), None)

    @property
    def is_fine(self) -> bool:
        return not self.troubles

    def lateness(self) -> float:
        """Seconds that a chunk which arrives now is to be late."""
        late = 0.0
        for trouble in self.troubles.values():
            if trouble.ailment == "latency":
                trouble.touched += 1
                late += trouble.seconds * random.uniform(0.5, 1.0)  # noqa: S311 - a delay is no secret
        return late

    def cut(self, ailment: Literal["cut-request", "cut-reply"]) -> float | None:
        """Take one cut, if there is one left: the share of the chunk that passes."""
        for trouble in self.troubles.values():
            if trouble.ailment == ailment and trouble.touched < trouble.count:
                trouble.touched += 1
                return trouble.share
        return None
