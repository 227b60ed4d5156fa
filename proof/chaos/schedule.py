"""Which faults are injected, where and when: storms of several at once, the same for the same seed."""

import itertools
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chaos.history import FaultKind
from chaos.links import INSTANCES
from stack.stack import Database

Aim: TypeAlias = Literal["worker", "first", "all"]  # one of a part's workers, its first process, or all of them

WINDOW = 1.2  # seconds in which the faults of a storm begin
SIZES = (5, 6, 7, 8, 9)
FIRST_POWER_CUT = (3, 8)  # after so many storms
POWER_CUT_EVERY = (10, 20)  # storms
TRIES = 10  # to find a target that no other fault of the storm has claimed
LONG = 11.0  # seconds: longer than an order stays undecided
LONG_EVERY = 25  # freezes, on average

SERVICES = [f"{service}-{instance}" for service in ("order_service", "product_service") for instance in INSTANCES]
RECONCILERS = [f"reconciler-{instance}" for instance in INSTANCES]
DATABASES = ["order_service-database", "product_service-database"]
HTTP_LINKS = ["client>gateway", "order_service>product_service", *(f"gateway>{instance}" for instance in SERVICES)]
DATABASE_LINKS = ["order_service>database", "product_service>database", "reconciler>database"]
# Requests of clients, in front of the gateway and behind it, and of order_service.
WITH_DUPLICATES = [
    "client>gateway",
    "order_service>product_service",
    *(f"gateway>order_service-{n}" for n in INSTANCES),
]
OFTEN = 10


@dataclass(frozen=True)
class Planned:
    """
    One fault.

    :param where: the part, or the link.
    :param after: seconds since its storm began.
    :param seconds: how long it lasts, or how long a stopped part stays down.
    :param late: seconds by which everything is late.
    :param share: how much of a request or answer passes before it is cut.
    :param count: how many are cut.
    :param age: about how many seconds old the request is that is repeated.
    :param deliver: whether a black hole delivers what it held back when it ends.
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


Draw: TypeAlias = Callable[[], Planned]


class Schedule:
    """
    Draws an endless sequence of storms.

    Kinds are drawn as cards from a deck that is shuffled anew when it is empty, so that a short run has each of them.

    :param often: kinds that have ten times their cards.
    """

    def __init__(self, seed: int, *, database: Database, often: Collection[FaultKind] = ()) -> None:
        self._rng = random.Random(f"schedule {seed}")  # noqa: S311 - to be drawn again
        self._has_servers = database == "postgresql"
        self._often = {f"_{kind.replace('-', '_')}" for kind in often}

    def storms(self) -> Iterator[Sequence[Planned]]:
        """Yield storms of all kinds, and a power cut now and then."""
        deck = self._cards([*self._of_processes(), *self._of_links()])
        next_power_cut = self._rng.randint(*FIRST_POWER_CUT)
        for number in itertools.count(1):
            if number == next_power_cut:
                next_power_cut += self._rng.randint(*POWER_CUT_EVERY)
                yield [Planned("power-cut", "everything", 0.0, self._seconds(0.1, 1.0))]
            yield self._storm(deck)

    def mild_storms(self) -> Iterator[Sequence[Planned]]:
        """Yield storms that leave every process alone."""
        deck = self._cards(self._of_links())
        while True:
            yield self._storm(deck)

    def _storm(self, deck: Iterator[Draw]) -> Sequence[Planned]:
        faults: dict[str, Planned] = {}
        for draw in itertools.islice(deck, self._rng.choice(SIZES)):
            for fault in itertools.islice(iter(draw, None), TRIES):
                if fault.claims not in faults:
                    faults[fault.claims] = fault
                    break
        return sorted(faults.values(), key=lambda fault: fault.after)

    def _cards(self, kinds: Sequence[tuple[int, Draw]]) -> Iterator[Draw]:
        while True:
            deck = [
                draw for number, draw in kinds for _ in range(number * (OFTEN if draw.__name__ in self._often else 1))
            ]
            self._rng.shuffle(deck)
            yield from deck

    def _of_processes(self) -> Sequence[tuple[int, Draw]]:
        """How many cards each kind has, and how it is drawn."""
        return [
            (10, self._sigkill),
            (3, self._sigterm),
            (4, self._sigstop),
            (3 if self._has_servers else 0, self._database_kill),
        ]

    def _of_links(self) -> Sequence[tuple[int, Draw]]:
        return [
            (4, self._latency),
            (3, self._refuse),
            (3, self._blackhole),
            (3, self._reset),
            (4, self._cut_request),
            (6, self._cut_reply),
            (6, self._replay),
            (3, self._lock),
        ]

    def _sigkill(self) -> Planned:
        where = self._rng.choice([*SERVICES, *SERVICES, *RECONCILERS, "gateway", *self._servers()])
        if where in DATABASES:
            aim: Aim = "worker"
        elif where in RECONCILERS:
            aim = "all"
        else:
            aim = self._rng.choice(["worker", "worker", "first", "all"])
        return Planned("sigkill", where, self._when(), self._seconds(0.0, 0.5), aim)

    def _sigterm(self) -> Planned:
        where = self._rng.choice([*SERVICES, *RECONCILERS, "gateway"])
        aim: Aim = self._rng.choice(["worker", "all"]) if where in SERVICES else "all"
        return Planned("sigterm", where, self._when(), self._seconds(0.0, 0.3), aim)

    def _sigstop(self) -> Planned:
        where = self._rng.choice([*SERVICES, *RECONCILERS, "gateway", *self._servers()])
        aim: Aim = self._rng.choice(["worker", "first", "all"]) if where in SERVICES else "all"
        is_long = self._rng.randrange(LONG_EVERY) == 0
        return Planned("sigstop", where, self._when(), LONG if is_long else self._seconds(0.2, 2.0), aim)

    def _database_kill(self) -> Planned:
        return Planned("database-kill", self._rng.choice(DATABASES), self._when(), self._seconds(0.0, 0.5))

    def _latency(self) -> Planned:
        late = self._rng.choice([0.02, 0.05, 0.1, 0.3])
        return Planned("latency", self._link(), self._when(), self._seconds(0.5, 2.0), late=late)

    def _refuse(self) -> Planned:
        return Planned("refuse", self._link(), self._when(), self._seconds(0.1, 1.0))

    def _blackhole(self) -> Planned:
        deliver = self._rng.choice([True, True, False])
        return Planned("blackhole", self._link(), self._when(), self._seconds(0.2, 1.5), deliver=deliver)

    def _reset(self) -> Planned:
        return Planned("reset", self._link(), self._when(), 0.0)

    def _cut_request(self) -> Planned:
        share, count = self._rng.choice([0.0, 0.3, 0.7, 0.95]), self._rng.randint(1, 4)
        return Planned("cut-request", self._link(), self._when(), 2.0, share=share, count=count)

    def _cut_reply(self) -> Planned:
        # A lost answer between services or to a client leaves more open than one of a database.
        where = self._rng.choice([*HTTP_LINKS, *HTTP_LINKS, *self._database_links()])
        share, count = self._rng.choice([0.0, 0.0, 0.0, 0.5, 0.95]), self._rng.randint(1, 4)
        return Planned("cut-reply", where, self._when(), 2.0, share=share, count=count)

    def _replay(self) -> Planned:
        age = self._rng.choice([0.2, 1.0, 3.0, 10.0])
        return Planned("replay", self._rng.choice(WITH_DUPLICATES), self._when(), 0.0, age=age)

    def _lock(self) -> Planned:
        return Planned("lock", self._rng.choice(DATABASES), self._when(), self._seconds(0.3, 1.5))

    def _link(self) -> str:
        return self._rng.choice([*HTTP_LINKS, *self._database_links()])

    def _servers(self) -> list[str]:
        return DATABASES if self._has_servers else []

    def _database_links(self) -> list[str]:
        return DATABASE_LINKS if self._has_servers else []

    def _when(self) -> float:
        return self._seconds(0.0, WINDOW)

    def _seconds(self, least: float, most: float) -> float:
        return round(self._rng.uniform(least, most), 2)
