"""One fault, as it is planned."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from chaos.history import FaultKind

Aim: TypeAlias = Literal["worker", "first", "all"]  # one of a part's workers, its first process, or all of them

CONNECTIONS = 190  # of a greedy customer: more than the shop places at once, and fewer than a gateway allows


@dataclass(frozen=True)
class Planned:
    """
    One fault.

    :param where: the part, or the link.
    :param after: seconds since its storm began.
    :param seconds: how long it lasts, or how long a stopped part stays down.
    :param late: seconds by which everything is late, or by which a clock is fast.
    :param share: how much of a request or answer passes before it is cut.
    :param count: how many are cut, or how many connections a greedy customer has.
    :param age: about how many seconds old the request is that is repeated.
    :param deliver: whether a black hole delivers what it held back when it ends; whether new connections reach a
        database that has vanished.
    """

    kind: FaultKind
    where: str
    after: float
    seconds: float
    aim: Aim = "all"
    late: float = 0.0
    share: float = 0.0
    count: int = 1
    age: float = 0.0
    deliver: bool = True

    @property
    def claims(self) -> str:
        """What no two faults of a storm may have in common."""
        if self.kind in {"replay", "reset"}:
            return f"{self.where} {self.kind} {self.after}"
        return f"{self.where} {self.kind}" if ">" in self.where or self.kind == "lock" else self.where


def greedy_customer(after: float, seconds: float) -> Planned:
    return Planned("greedy-customer", "client>gateway", after, seconds, count=CONNECTIONS)
