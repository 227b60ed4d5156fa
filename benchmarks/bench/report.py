"""The report: what was measured, put between two marks of docs/performance.md, and the picture beside it."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from stack.errors import StackError
from stack.places import REPOSITORY

from bench.chart import draw
from bench.comparison import Comparison
from bench.goals import goals_table
from bench.results import recall
from bench.tables import costs, figures, ratios, table

PAGE = REPOSITORY / "docs" / "performance.md"
PICTURE = REPOSITORY / "docs" / "performance.png"
BEGIN, END = "<!-- measured: written by `make bench` -->", "<!-- end of what was measured -->"
PARTS = ("orders", "hot", "alone", "sqlite")
HEADINGS: Mapping[str, str] = {
    "orders": "64 clients, a random product among 10,000",
    "hot": "64 clients, one hot product",
    "alone": "One client",
    "sqlite": "16 clients, the shop on SQLite",
    "topology": "How the monolith is run best",
}


def write_report() -> list[str]:
    """
    Write what was measured last, and return the names of the files.

    :raises StackError: if the page has lost its marks, or orders were never measured.
    """
    found = recall("orders")
    if found is None:
        raise StackError("Nothing was measured yet: make bench")
    page = PAGE.read_text()
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise StackError(f"{PAGE} needs the lines {BEGIN} and {END}.")
    PAGE.write_text("\n\n".join([before + BEGIN, *_sections(), END + after]))
    draw(Comparison.read(found), PICTURE, caption=_caption(found["machine"]))
    return [str(path.relative_to(REPOSITORY)) for path in (PAGE, PICTURE)]


def _sections() -> Iterator[str]:
    found = recall("orders") or {}
    yield table(["", ""], [[name, fact] for name, fact in found["machine"].items()])
    yield "### In short"
    yield goals_table()
    for part in (*PARTS, "topology"):
        yield from _comparison(part)
    yield from _memory()
    yield from _cache()
    yield from _scale()


def _comparison(part: str) -> Iterator[str]:
    found = recall(part)
    if found is None:
        return
    comparison = Comparison.read(found)
    yield f"### {HEADINGS[part]}"
    turns = max(map(len, comparison.rounds.values()))
    yield f"Medians of {turns} rounds of {comparison.setting.seconds:g} s.{_measured(found)}"
    if part == "orders":
        yield table(["", "what it is"], [[comparison.titles[name], note] for name, note in comparison.notes.items()])
    yield figures(comparison)
    yield costs(comparison)
    if part != "topology":
        yield ratios(comparison, to="sqlite" if part == "sqlite" else "ours")


def _memory() -> Iterator[str]:
    found = recall("memory")
    if found is None:
        return
    yield "### Memory"
    worked = f"after the first order and after {found['requests']:,}"
    yield f"Resident memory of each worker, in MiB, {worked}.{_measured(found)}"
    shares = found.get("shares", {})
    rows = [
        [name, _sizes(found["before"][name]), _sizes(sizes), f"{sum(shares[name]):.0f}" if shares else "not known"]
        for name, sizes in found["after"].items()
    ]
    yield table(["", "first order", "later", "all its processes together, shared pages counted once"], rows)


def _cache() -> Iterator[str]:
    found = recall("cache")
    if found is None:
        return
    yield "### Reading one of 100 hot products, 64 clients"
    yield f"Answers per second, round by round.{_measured(found)}"
    rows = [["micro-cached for 1 s", _rates(found["cached"])], ["not cached", _rates(found["direct"])]]
    yield table(["", "answers/s"], rows)


def _scale() -> Iterator[str]:
    found = recall("scale")
    if found is None:
        return
    small, large = (f"{products:,} products, {orders:,} orders" for products, orders in found["sizes"].values())
    yield "### A large shop"
    yield f"The database's time for one request, planning included, in milliseconds.{_measured(found)}"
    rows = [
        [question, _time(took["small"]), _time(took["large"]), _growth(took)]
        for question, took in found["timings"].items()
    ]
    yield table(["", small, large, "ratio"], rows)
    placement = Comparison.read(found["placement"])
    yield "Placing orders in both, 64 clients:"
    yield figures(placement)
    yield ratios(placement, to="large")


def _measured(found: Mapping[str, Any]) -> str:
    """When and on what, where that is not what the head of the report says."""
    machine = found["machine"]
    head = (recall("orders") or {}).get("machine", {})
    if machine["commit"] == head.get("commit"):
        return ""
    return f" Measured {machine['measured']} at commit {machine['commit']}; idle: {machine['idle']}."


def _caption(machine: Mapping[str, str]) -> str:
    return f"{machine['machine']}; commit {machine['commit']}, {machine['measured']}"


def _sizes(sizes: list[float]) -> str:
    return ", ".join(f"{size:.0f}" for size in sizes)


def _rates(values: list[float]) -> str:
    return ", ".join(f"{value:,.0f}" for value in values)


def _growth(took: Mapping[str, float]) -> str:
    return f"{took['large'] / took['small']:.1f}" if math.isfinite(sum(took.values())) else "-"


def _time(milliseconds: float) -> str:
    return "given up (503)" if math.isinf(milliseconds) else f"{milliseconds:.2f}"
