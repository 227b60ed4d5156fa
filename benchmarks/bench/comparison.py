"""Rounds of several contenders, interleaved, and the ratios between them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

from stack.errors import StackError

from bench.contender import Contender
from bench.progress import say
from bench.rounds import Bench, Round, Setting

Figure = Callable[[Round], float]
NOTHING_TO_COMPARE = "the other answered nothing"


@dataclass(frozen=True)
class Ratio:
    """
    The median of the ratios of neighbouring rounds, and the lowest and highest of them.

    A ratio to nothing is infinite. It shows that the other one did nothing, and not by how much it was slower.
    """

    median: float
    lowest: float
    highest: float

    @property
    def is_known(self) -> bool:
        """Whether the other one did anything in most of the rounds."""
        return math.isfinite(self.median)

    def __str__(self) -> str:
        if not self.is_known:
            return NOTHING_TO_COMPARE
        highest = f"{self.highest:.2f}" if math.isfinite(self.highest) else "a round with nothing to compare"
        return f"{self.median:.2f} ({self.lowest:.2f} to {highest})"


@dataclass
class Comparison:
    """What some contenders did in one setting, round by round."""

    name: str
    setting: Setting
    titles: dict[str, str]
    notes: dict[str, str]
    rounds: dict[str, list[Round]] = field(default_factory=dict)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """Read what `dataclasses.asdict` made of one."""
        rounds = {name: [Round(**done) for done in turns] for name, turns in written["rounds"].items()}
        return cls(
            name=written["name"],
            setting=Setting(**written["setting"]),
            titles=written["titles"],
            notes=written["notes"],
            rounds=rounds,
        )

    def middle(self, contender: str, figure: Figure) -> float:
        """The median of a figure over a contender's rounds."""
        return median(figure(round_) for round_ in self.rounds[contender])

    def ratio(self, contender: str, other: str, figure: Figure) -> Ratio:
        """
        One contender's figure by another's, each round with that of the same turn.

        :raises StackError: if the one answered nothing in a round: its times would be nought, and look like a success.
        """
        if not all(done.per_second for done in self.rounds[contender]):
            raise StackError(f"{self.titles[contender]} answered nothing in a round. That is a fault and no figure.")
        pairs = zip(self.rounds[contender], self.rounds[other], strict=True)
        ratios = [figure(one) / figure(two) if two.per_second else math.inf for one, two in pairs]
        return Ratio(median=median(ratios), lowest=min(ratios), highest=max(ratios))


def compare(
    bench: Bench, contenders: Sequence[Contender], setting: Setting, *, name: str, turns: int, fresh: bool = True
) -> Comparison:
    """
    Run every contender once in each turn: A B A B.

    :param fresh: whether each round has new databases.
    """
    comparison = Comparison(
        name=name,
        setting=setting,
        titles={contender.name: contender.title for contender in contenders},
        notes={contender.name: contender.note for contender in contenders},
        rounds={contender.name: [] for contender in contenders},
    )
    for turn in range(1, turns + 1):
        for contender in contenders:
            if fresh:
                bench.refresh(contender)
            done = bench.run(contender, setting)
            comparison.rounds[contender.name].append(done)
            say(f"{name}, turn {turn} of {turns}: {contender.title:34} {described(done)}")
    return comparison


def described(done: Round) -> str:
    """A round in one line."""
    stock = "" if done.stock_error == 0 else f", LEDGER WRONG by {done.stock_error}"
    broken = "" if done.refused + done.failed == 0 else f", {done.refused} refused, {done.failed} failed"
    costs = " + ".join(f"{program} {cost:.2f}" for program, cost in done.processor_ms.items())
    waits = f"p50 {done.p50_ms:.1f} ms, p99 {done.p99_ms:.1f} ms"
    return f"{done.per_second:6,.0f}/s, {waits}, ms of processor: {costs}{stock}{broken}"


def rate(done: Round) -> float:
    return done.per_second


def p50(done: Round) -> float:
    return done.p50_ms


def p99(done: Round) -> float:
    return done.p99_ms


def processor_time(done: Round) -> float:
    """Milliseconds of processor time per order, the load generator's not included."""
    return sum(done.processor_ms.values())
