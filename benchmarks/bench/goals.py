"""What the shop is to show, and whether it does: one line for each goal."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.comparison import Comparison, Figure, Ratio, p50, p99, rate
from bench.results import recall
from bench.rounds import Round
from bench.tables import Table

Found = Mapping[str, Any]
NOT_REACHED, NO_GOAL, NOT_KNOWN = "no", "-", "not known"
HEAD = ("figure", "measured (lowest to highest)", "goal", "reached")
HEADLINES = ("orders", "hot", "alone", "pages", "mixed", "instances")  # the parts whose goals the page shows


@dataclass(frozen=True)
class Goal:
    """
    A figure that is to be reached.

    :param bound: the goal; without one, the figure is shown and not judged.
    :param read: takes the figure out of what its part of the plan found.
    :param is_limit: whether the bound is one from above.
    """

    what: str
    part: str
    bound: float | None
    read: Callable[[Found], Ratio | float]
    is_limit: bool = False
    unit: str = ""

    def row(self) -> list[str] | None:
        """Its line in the table, or None if its part was not measured."""
        found = recall(self.part)
        if found is None:
            return None
        value = self.read(found)
        bound = f"{'at most' if self.is_limit else 'at least'} {self.bound:g}{self.unit}" if self.bound else ""
        return [self.what, self._shown(value), bound, self._met(value)]

    def _shown(self, value: Ratio | float) -> str:
        if isinstance(value, Ratio):
            return f"{value}{self.unit if value.is_known else ''}"
        return f"{value:.2f}{self.unit}" if math.isfinite(value) else "given up"

    def _met(self, value: Ratio | float) -> str:
        if isinstance(value, Ratio) and not value.is_known:
            return NOT_KNOWN
        if self.bound is None:
            return NO_GOAL
        reached = value.median if isinstance(value, Ratio) else value
        return "yes" if (reached <= self.bound if self.is_limit else reached >= self.bound) else NOT_REACHED


def headlines() -> Table:
    """The main goals, and each that is not reached."""
    rows = [(goal.part, row) for goal in GOALS if (row := goal.row()) is not None]
    chosen = [row for part, row in rows if part in HEADLINES or row[-1] == NOT_REACHED]
    return Table(
        ["", *HEAD[1:]], [[*row[:-1], f"**{row[-1]}**" if row[-1] == NOT_REACHED else row[-1]] for row in chosen]
    )


def by(other: str, figure: Figure = rate, *, of: str = "ours") -> Callable[[Found], Ratio]:
    """One contender's figure by another's."""
    return lambda found: Comparison.read(found).ratio(of, other, figure)


def middle(figure: Figure) -> Callable[[Found], float]:
    """The shop's own figure."""
    return lambda found: Comparison.read(found).middle("ours", figure)


def _largest_worker(done: Round) -> float:
    return max(size for name, size in done.worker_mib.items() if name != "gateway")


def _first_answer(done: Round) -> float:
    return done.first_answer


def _rare_word(found: Found) -> float:
    took = found["timings"]["name search, ten products have the word"]
    return float(took["large"] / took["small"])


def _broad_search(found: Found) -> float:
    """Milliseconds until a page; none where it is refused, which says what is wrong."""
    took = found["timings"]["name search, 3 of 10 products have the word, at the far end"]["large"]
    return 0.0 if math.isinf(took) else float(took)


def _last_by_first(found: Found) -> float:
    timings = found["timings"]
    pages = [name.removeprefix("last page") for name in timings if name.startswith("last page")]
    return float(max(timings[f"last page{page}"]["large"] / timings[f"first page{page}"]["large"] for page in pages))


def _placement_at_scale(found: Found) -> Ratio:
    return Comparison.read(found["placement"]).ratio("large", "small", rate)


at_least, at_most = Goal, partial(Goal, is_limit=True)
USUAL, TUNED = "the shop / monolith as usually deployed", "the shop / best-tuned monolith"
SEARCH = "search for a word of ten products, 1,000,000 / 10,000 products, database time"
BROAD = "page of a word of 300,000 of 1,000,000 products, at the far end, database time; 0 if refused"
LAST = "last page / first, 1,000,000 products, database time (the worst ordering)"
MIXED = f"80 % reads, 15 % orders, 5 % changes, not cached, 64 clients, {TUNED}"
WAIT = "p99, 12 visitors of one product, micro-cached / one alone, not cached"
SQLITE = "orders/s, 16 clients, the shop on SQLite / usual monolith on PostgreSQL"
GOALS = (
    # Without a bound: it is the price of two databases, whatever it is.
    at_least("orders/s, 64 clients, the shop / the tuned monolith with group commit", "orders", None, by("grouped")),
    at_least("the same, with the shop's duties", "orders", None, by("guarded_grouped")),
    at_least(f"orders/s, 64 clients, {TUNED}", "orders", 2.5, by("monolith")),
    at_least("the same, one hot product", "hot", 2.5, by("monolith")),
    at_least(f"orders/s, 64 clients, {USUAL}", "orders", 2, by("usual")),
    at_least("orders/s, 64 clients, the shop / trimmed monolith", "orders", 1, by("trimmed")),
    at_most(f"p99, 64 clients, {USUAL}", "orders", 0.6, by("usual", p99)),
    at_most(f"p50, one client, {USUAL}", "alone", 1.2, by("usual", p50)),
    at_most(f"p50, one client, {TUNED}", "alone", None, by("monolith", p50)),
    at_least("orders/s, 64 clients, the shop / the article's way", "orders", 6, by("article")),
    at_least("orders/s, 64 clients, the shop / usual port", "orders", 20, by("usual_port")),
    at_least("orders/s, 64 clients, the shop / FastAPI and asyncpg", "orders", 2, by("fastapi")),
    at_least(f"pages of 100 products, not cached, 64 clients, {USUAL}", "pages", 1.3, by("usual")),
    at_least(MIXED, "mixed", 1.5, by("monolith")),
    at_least("orders/s, 64 clients, two instances of each service / one", "instances", 1, by("ours", of="twice")),
    at_most("flushes to disk per order, one client", "alone", 3.1, middle(lambda done: done.flushes)),
    at_most("flushes to disk per order, 64 clients", "orders", 0.5, middle(lambda done: done.flushes)),
    at_least("GET of 100 hot products, 64 clients, micro-cached / not", "cache", 20, by("direct", of="cached")),
    at_most(WAIT, "cache", 3, by("visitor", p99, of="visitors")),
    at_most(SEARCH, "scale", 1.5, _rare_word),
    at_most(BROAD, "scale", 100, _broad_search, unit=" ms"),
    at_most(LAST, "scale", 1.1, _last_by_first),
    at_least("orders/s with 5,000,000 orders stored / with 10,000", "scale", 0.9, _placement_at_scale),
    at_least(SQLITE, "sqlite", 0.9, by("usual", of="sqlite")),
    at_most("memory of the largest worker after 20,000 orders", "memory", 90, middle(_largest_worker), unit=" MiB"),
    at_most("from starting all processes to the first order", "orders", 1.5, middle(_first_answer), unit=" s"),
)
