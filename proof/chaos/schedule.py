"""Which faults are injected, where and when: storms of several at once, the same for the same seed."""

import itertools
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from chaos.history import FaultKind
from chaos.links import INSTANCES
from chaos.planned import Aim, Planned, greedy_customer
from stack.stack import Database

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
LONGER_THAN_KEPT = 800 * 3600.0  # seconds: a key is kept for 72 hours, and a failed order for 30 days
SLIGHTLY_WRONG_BY = (12.0, -12.0, 3600.0)  # seconds by which the clock of a service is fast, and of a reconciler
WRONG_BY = (12.0, -12.0, 3600.0, LONGER_THAN_KEPT, LONGER_THAN_KEPT)
LONG_SILENCE = 9.0  # seconds: a vanished server outlasts what any request waits for
LONG_SILENCE_EVERY = 5  # of them, on average


Draw: TypeAlias = Callable[[], Planned]


class Schedule:
    """
    Draws an endless sequence of storms.

    Kinds are drawn as cards from a deck that is shuffled anew when it is empty, so that a short run has each of them.

    :param often: kinds that have ten times their cards.
    :param without: kinds that this machine cannot inject.
    """

    def __init__(
        self,
        seed: int,
        *,
        database: Database,
        often: Collection[FaultKind] = (),
        without: Collection[FaultKind] = (),
    ) -> None:
        self._rng = random.Random(f"schedule {seed}")  # noqa: S311 - to be drawn again
        self._has_servers = database == "postgresql"
        self._often, self._without = ({f"_{kind.replace('-', '_')}" for kind in kinds} for kinds in (often, without))

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
                draw
                for number, draw in kinds
                if draw.__name__ not in self._without
                for _ in range(number * (OFTEN if draw.__name__ in self._often else 1))
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
            (1 if self._has_servers else 0, self._clock_shift),  # SQLite's clock is that of the process
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
            (1 if self._has_servers else 0, self._database_vanish),
            (2 if self._has_servers else 0, self._read_only),
            (1, self._greedy_customer),
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

    def _clock_shift(self) -> Planned:
        where = self._rng.choice([*SERVICES, *RECONCILERS, *RECONCILERS])
        fast = self._rng.choice(WRONG_BY if where in RECONCILERS else SLIGHTLY_WRONG_BY)
        return Planned("clock-shift", where, self._when(), self._seconds(0.5, 2.5), late=fast)

    def _database_vanish(self) -> Planned:
        seconds = LONG_SILENCE if self._rng.randrange(LONG_SILENCE_EVERY) == 0 else self._seconds(1.0, 4.0)
        deliver = self._rng.choice([True, False])
        return Planned("database-vanish", self._rng.choice(DATABASE_LINKS), self._when(), seconds, deliver=deliver)

    def _read_only(self) -> Planned:
        aim: Aim = self._rng.choice(["all", "worker"])  # the whole server, or the sessions that begin meanwhile
        return Planned("read-only", self._rng.choice(DATABASES), self._when(), self._seconds(0.3, 2.0), aim)

    def _greedy_customer(self) -> Planned:
        return greedy_customer(self._when(), self._seconds(0.5, 2.0))

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
