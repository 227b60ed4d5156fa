"""Two versions of the shop in turn, for a moment each: differences of a few per cent show."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Self

from stack.errors import StackError
from stack.registry import SERVICES

from bench.contender import Account, Contender
from bench.progress import say
from bench.rounds import Bench, Setting
from bench.running import Running

ALONE, TOGETHER = 1, 64  # clients
PAUSE = 0.3  # seconds, in which the requests that the load generator gave up at its end are done
START_LOAD = 2  # seconds of load, after which every worker has imported and built what it needs

RATE, P50, COST = "orders/s", "p50 ms", "processor ms per order"
FIRST_ORDER, MEMORY = "seconds to the first order", "MiB of the web processes"
Figures = Mapping[tuple[str, int], float]  # by what they are and the number of clients
Pair = tuple[Figures, Figures]  # of both versions, next to each other in time


@dataclass(frozen=True)
class Pace:
    """How long a comparison takes: the number of pairs, and seconds for each slice of load and each warm-up."""

    pairs: int = 6
    together: float = 2
    alone: float = 1
    warm_up: float = 5


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


def ratio(pairs: Sequence[Pair], figure: str, clients: int = TOGETHER) -> Spread:
    """The first version's figure by the second's."""
    return Spread.of([one[figure, clients] / two[figure, clients] for one, two in pairs])


def measure_loads(bench: Bench, one: Contender, two: Contender, pace: Pace) -> list[Pair]:
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
    pairs = []
    with bench.start(one) as first, bench.start(two) as second:
        running = (first, second)
        for each in running:
            bench.load(each, Setting(), seconds=pace.warm_up)
        bench.server.checkpoint()
        for number in range(pace.pairs):
            order = (0, 1) if number % 2 == 0 else (1, 0)  # neither profits from its place
            done: list[dict[tuple[str, int], float]] = [{}, {}]
            for clients, seconds in ((TOGETHER, pace.together), (ALONE, pace.alone)):
                for index in order:
                    done[index] |= _slice(bench, running[index], clients, seconds)
            pairs.append(_told((done[0], done[1]), number + 1, pace.pairs))
        for each, opening in zip(running, openings, strict=True):
            each.drain()
            each.settle(opening)
    for contender, opening in zip(both, openings, strict=True):
        _check_stock(contender, opening)
    return pairs


def measure_starts(bench: Bench, one: Contender, two: Contender, pace: Pace) -> list[Pair]:
    """Start both versions in turn, each on fresh databases."""
    return [_told((_start(bench, one), _start(bench, two)), number, pace.pairs) for number in range(1, pace.pairs + 1)]


def _slice(bench: Bench, running: Running, clients: int, seconds: float) -> Figures:
    used = sum(running.processor_seconds().values())
    load = bench.load(running, Setting(clients=clients), seconds=seconds)
    spent = sum(running.processor_seconds().values()) - used
    time.sleep(PAUSE)
    if not load.answered or load.failed:
        raise StackError(f"{running.contender.title}: {load.answered} orders placed, {load.failed} connections failed.")
    figures = {RATE: load.rate, P50: load.p50_ms, COST: spent * 1000 / load.answered}
    return {(name, clients): value for name, value in figures.items()}


def _start(bench: Bench, contender: Contender) -> Figures:
    bench.refresh(contender)
    with bench.start(contender) as running:
        bench.load(running, Setting(), seconds=START_LOAD)
        shares = running.shares_mib()
        running.drain()
        serving = [name for service in SERVICES for name in running.serving(service)]
    mib = sum(sum(shares[name]) for name in serving)
    return {(FIRST_ORDER, TOGETHER): running.first_answer, (MEMORY, TOGETHER): mib}


def _told(pair: Pair, number: int, pairs: int) -> Pair:
    figures = (f"{name} ({clients}) {one:.2f} {pair[1][name, clients]:.2f}" for (name, clients), one in pair[0].items())
    say(f"pair {number} of {pairs}: {', '.join(figures)}")
    return pair


def _check_stock(contender: Contender, opening: Account) -> None:
    if error := contender.ledger.read().error_since(opening):
        raise StackError(f"{contender.title}: stock is wrong by {error} units.")
