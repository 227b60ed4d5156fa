"""Two versions of the shop side by side, loaded in turn for a moment each: differences of a few per cent show."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import quantiles
from typing import Self

from stack.errors import StackError

from bench.contender import Account, Contender
from bench.processor import processor_times
from bench.progress import say
from bench.rounds import Bench, Setting
from bench.running import Running

ALONE = 1  # clients
TOGETHER = 64
PAUSE = 0.3  # seconds, in which the requests that the load generator gave up at its end are done


@dataclass(frozen=True)
class Pace:
    """How long a comparison takes: the number of pairs, and seconds for each slice of load and each warm-up."""

    pairs: int = 6
    together: float = 2
    alone: float = 1
    warm_up: float = 5

    def seconds(self, clients: int) -> float:
        return self.alone if clients == ALONE else self.together


@dataclass(frozen=True)
class Slice:
    """What one version did for a moment; the processor time is per order, in milliseconds."""

    orders_per_second: float
    p50_ms: float
    processor_ms: float

    def __str__(self) -> str:
        return f"{self.orders_per_second:5.0f} orders/s, p50 {self.p50_ms:5.1f} ms, {self.processor_ms:.2f} ms of CPU"


Figure = Callable[[Slice], float]


@dataclass(frozen=True)
class Spread:
    """The median of some ratios, and the quartiles below and above it."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, ratios: Sequence[float]) -> Self:
        """
        Summarize at least two ratios.

        The quartiles leave out what happened to a single slice, which the lowest and the highest ratio would show only.
        """
        lower, middle, upper = quantiles(ratios, n=4, method="inclusive")
        return cls(median=middle, lower=lower, upper=upper)

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.lower:.3f} to {self.upper:.3f})"


@dataclass(frozen=True)
class Pairs:
    """Slices of two versions by the number of clients; those of the same place were next to each other in time."""

    slices: Mapping[int, Sequence[tuple[Slice, Slice]]]

    def ratio(self, clients: int, figure: Figure) -> Spread:
        """The first version's figure by the second's."""
        return Spread.of([figure(one) / figure(two) for one, two in self.slices[clients]])


def measure_pairs(bench: Bench, one: Contender, two: Contender, pace: Pace) -> Pairs:
    """
    Start both versions on fresh databases and load them in turn: one two, two one, one two.

    Processes and connections stay between slices, so that a pair is over in seconds, and whatever else the machine
    does hits both alike.

    :raises StackError: if one of them answered nothing, or its stock is wrong in the end.
    """
    both = (one, two)
    for contender in both:
        bench.refresh(contender)
    openings = [contender.ledger.read() for contender in both]
    with bench.start(one) as first, bench.start(two) as second:
        running = (first, second)
        for each in running:
            bench.place(each, Setting(), seconds=pace.warm_up)
        slices = {clients: _slices(bench, running, clients, pace) for clients in (TOGETHER, ALONE)}
        for each, opening in zip(running, openings, strict=True):
            each.drain()
            each.settle(opening)
    for contender, opening in zip(both, openings, strict=True):
        _check_stock(contender, opening)
    return Pairs(slices)


def _slices(bench: Bench, running: tuple[Running, Running], clients: int, pace: Pace) -> list[tuple[Slice, Slice]]:
    pairs = []
    bench.server.checkpoint()
    for number in range(pace.pairs):
        order = (0, 1) if number % 2 == 0 else (1, 0)  # neither profits from its place
        done = {index: _slice(bench, running[index], clients, pace.seconds(clients)) for index in order}
        pairs.append((done[0], done[1]))
        say(f"{clients:2} clients, pair {number + 1} of {pace.pairs}: " + " against ".join(map(str, pairs[-1])))
    return pairs


def _slice(bench: Bench, running: Running, clients: int, seconds: float) -> Slice:
    used = _processor_seconds(bench, running)
    load = bench.place(running, replace(Setting(), clients=clients), seconds=seconds)
    spent = _processor_seconds(bench, running) - used
    time.sleep(PAUSE)
    placed = load.requests - load.refused
    if not placed or load.failed:
        raise StackError(f"{running.contender.title}: {placed} orders placed, {load.failed} connections failed.")
    return Slice(orders_per_second=load.rate, p50_ms=load.p50_ms, processor_ms=spent * 1000 / placed)


def _processor_seconds(bench: Bench, running: Running) -> float:
    times = processor_times(running, bench.server)
    return sum(seconds for name, seconds in times.items() if name != "wrk")


def _check_stock(contender: Contender, opening: Account) -> None:
    if error := contender.ledger.read().error_since(opening):
        raise StackError(f"{contender.title}: stock is wrong by {error} units.")
