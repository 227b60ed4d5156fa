"""What the shop is to show, and whether it does: one line for each goal."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.comparison import Comparison, Figure, Ratio
from bench.results import recall
from bench.tables import Table, rate

Found = Mapping[str, Any]
STRETCH_GOAL, NOT_REACHED, NO_GOAL = "stretch goal", "no", "-"
HEAD = ("figure", "measured (lowest to highest)", "goal", "stretch goal", "reached")
HEADLINES = ("orders", "hot", "alone")  # the parts whose goals the page shows


@dataclass(frozen=True)
class Goal:
    """
    A figure that is to be reached.

    :param read: takes the figure out of what its part of the plan found.
    :param least: the goal; more than that was hoped for: `stretch`. Without both, the figure is shown and not judged.
    :param lower_is_better: whether both are bounds from above.
    """

    what: str
    part: str
    least: float | None
    stretch: float | None
    read: Callable[[Found], Ratio | float]
    lower_is_better: bool = False
    unit: str = ""

    def row(self) -> list[str] | None:
        """Its line in the table, or None if its part was not measured."""
        found = recall(self.part)
        if found is None:
            return None
        value = self.read(found)
        bound = "" if self.least is None else f"{'at most' if self.lower_is_better else 'at least'} {self.least:g}"
        return [
            self.what,
            self._shown(value),
            f"{bound}{self.unit if bound else ''}",
            "" if self.stretch is None else f"{self.stretch:g}{self.unit}",
            self._met(value),
        ]

    def _shown(self, value: Ratio | float) -> str:
        if isinstance(value, Ratio):
            return f"{value}{self.unit if value.is_known else ''}"
        return f"{value:.2f}{self.unit}" if math.isfinite(value) else "given up"

    def _met(self, value: Ratio | float) -> str:
        if isinstance(value, Ratio) and not value.is_known:
            return "not known"
        if self.stretch is None:
            return NO_GOAL
        reached = value.median if isinstance(value, Ratio) else value
        sign = -1 if self.lower_is_better else 1
        if sign * reached >= sign * self.stretch:
            return STRETCH_GOAL
        return "yes" if self.least is None or sign * reached >= sign * self.least else NOT_REACHED


def headlines() -> Table:
    """The main goals, and each that is not reached."""
    rows = [(goal.part, row) for goal in GOALS if (row := goal.row()) is not None]
    chosen = [row for part, row in rows if part in HEADLINES or row[-1] == NOT_REACHED]
    return Table(
        ["", *HEAD[1:3], HEAD[-1]],
        [[*row[:3], f"**{row[-1]}**" if row[-1] == NOT_REACHED else row[-1]] for row in chosen],
    )


def _to(other: str, figure: Figure = rate, *, of: str = "ours") -> Callable[[Found], Ratio]:
    return lambda found: Comparison.read(found).ratio(of, other, figure)


def _flushes(found: Found) -> float:
    return Comparison.read(found).middle("ours", lambda done: done.flushes)


def _slowest_search(found: Found) -> float:
    return _large_by_small(found, "name search, ten products have the word")


def _large_by_small(found: Found, question: str) -> float:
    took = found["timings"][question]
    return float(took["large"] / took["small"])


def _last_by_first(found: Found) -> float:
    timings = found["timings"]
    pages = [name.removeprefix("last page") for name in timings if name.startswith("last page")]
    return float(max(timings[f"last page{page}"]["large"] / timings[f"first page{page}"]["large"] for page in pages))


def _placement_at_scale(found: Found) -> Ratio:
    return Comparison.read(found["placement"]).ratio("large", "small", rate)


def _largest_worker(found: Found) -> float:
    return float(max(size for name, sizes in found["after"].items() if name != "gateway" for size in sizes))


def _first_answer(found: Found) -> float:
    return Comparison.read(found).middle("ours", lambda done: done.first_answer)


def _cached(found: Found) -> Ratio:
    return _by_round(found["cached"], found["direct"])


def _cached_by_alone(found: Found) -> Ratio:
    return _by_round(found.get("cached_p99_ms", [math.inf]), found.get("alone_p99_ms", [1.0]))


def _by_round(ours: Sequence[float], others: Sequence[float]) -> Ratio:
    ratios = [one / other for one, other in zip(ours, others, strict=True)]
    return Ratio(median=median(ratios), lowest=min(ratios), highest=max(ratios))


def _goals() -> Iterator[Goal]:
    # Without a bound: it is the price of two databases, whatever it is.
    yield Goal("orders/s, 64 clients, the shop / the tuned monolith in groups", "orders", None, 1, _to("grouped"))
    yield Goal("the same, with the shop's duties", "orders", None, 1, _to("guarded_grouped"))
    yield Goal("orders/s, 64 clients, the shop / best-tuned monolith", "orders", 1.3, 2.5, _to("monolith"))
    yield Goal("the same, one hot product", "hot", 1.8, 3.5, _to("monolith"))
    yield Goal("orders/s, 64 clients, the shop / monolith as usually deployed", "orders", 2, 4, _to("usual"))
    yield Goal("orders/s, 64 clients, the shop / trimmed monolith", "orders", 0.55, 1, _to("trimmed"))
    slow = _to("usual", lambda done: done.p99_ms)
    yield Goal(
        "p99, 64 clients, the shop / monolith as usually deployed", "orders", 0.6, 0.3, slow, lower_is_better=True
    )
    lone = _to("usual", lambda done: done.p50_ms)
    yield Goal(
        "p50, one client, the shop / monolith as usually deployed", "alone", 1.5, 1.1, lone, lower_is_better=True
    )
    tuned = _to("monolith", lambda done: done.p50_ms)
    yield Goal("p50, one client, the shop / best-tuned monolith", "alone", None, None, tuned, lower_is_better=True)
    yield Goal("orders/s, 64 clients, the shop / the article's way", "orders", 6, 12, _to("article"))
    yield Goal("orders/s, 64 clients, the shop / usual port", "orders", 20, 40, _to("usual_port"))
    yield Goal("orders/s, 64 clients, the shop / FastAPI and asyncpg", "orders", 2, 4, _to("fastapi"))
    yield Goal("flushes to disk per order, one client", "alone", 3.1, 2, _flushes, lower_is_better=True)
    yield Goal("flushes to disk per order, 64 clients", "orders", 0.5, 0.2, _flushes, lower_is_better=True)
    yield Goal("GET of 100 hot products, 64 clients, micro-cached / not", "cache", 20, 40, _cached)
    waits = "p99, 12 visitors of one product, micro-cached / one alone, not cached"
    yield Goal(waits, "cache", 3, 1, _cached_by_alone, lower_is_better=True)
    search = "search for a word of ten products, 1,000,000 / 10,000 products, database time"
    yield Goal(search, "scale", 2, 1, _slowest_search, lower_is_better=True)
    page = "last page / first, 1,000,000 products, database time (the worst ordering)"
    yield Goal(page, "scale", 1.3, 1, _last_by_first, lower_is_better=True)
    yield Goal("orders/s with 5,000,000 orders stored / with 10,000", "scale", 0.9, 1, _placement_at_scale)
    on_sqlite = _to("usual", of="sqlite")
    yield Goal("orders/s, 16 clients, the shop on SQLite / usual monolith on PostgreSQL", "sqlite", 0.9, 1.2, on_sqlite)
    yield Goal(
        "memory of the largest worker after 20,000 orders",
        "memory",
        90,
        60,
        _largest_worker,
        lower_is_better=True,
        unit=" MiB",
    )
    yield Goal(
        "from starting all processes to the first order",
        "orders",
        1.5,
        0.5,
        _first_answer,
        lower_is_better=True,
        unit=" s",
    )


GOALS = tuple(_goals())
