"""The appendix of docs/performance.md: every figure that was measured, as CSV files with the origin beside each row."""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.comparison import Comparison
from bench.goals import GOALS, HEAD
from bench.results import recall
from bench.tables import Table, costs, figures, ratios

COMPARISONS = ("orders", "hot", "alone", "sqlite", "topology")
ORIGIN = ("measured", "commit", "command")
RUN = ("measured", "commit", "machine", "disk", "idle", "versions")


def write_appendix(folder: Path) -> list[Path]:
    """Replace the files of all parts that were measured, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "runs": _runs(),
        "goals": _goals(),
        **{name: _with_origin(part, found) for part, name, found in _found()},
    }
    paths = []
    for name, found in tables.items():
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([found.head, *found.rows])
    return paths


def _found() -> Iterator[tuple[str, str, Table]]:
    """Each table with its part and the name of its file."""
    for part in COMPARISONS:
        if (found := recall(part)) is not None:
            yield from _comparison(part, Comparison.read(found))
    if (found := recall("memory")) is not None:
        yield "memory", "memory", _memory(found)
    if (found := recall("cache")) is not None:
        yield "cache", "cache", _cache(found)
    if (found := recall("scale")) is not None:
        placement = Comparison.read(found["placement"])
        yield "scale", "scale", _scale(found)
        yield "scale", "scale-orders", _figures_and_costs(placement)
        yield "scale", "scale-orders-ratios", ratios(placement, to="large")


def _comparison(part: str, comparison: Comparison) -> Iterator[tuple[str, str, Table]]:
    yield part, part, _figures_and_costs(comparison)
    if part == "orders":
        notes = [[comparison.titles[name], note] for name, note in comparison.notes.items()]
        yield part, "contenders", Table(["contender", "what it is"], notes)
    if part != "topology":
        yield part, f"{part}-ratios", ratios(comparison, to="sqlite" if part == "sqlite" else "ours")


def _figures_and_costs(comparison: Comparison) -> Table:
    shown, spent = figures(comparison), costs(comparison)
    rows = [[*one, *other[1:]] for one, other in zip(shown.rows, spent.rows, strict=True)]
    return Table(["contender", *shown.head[1:], *spent.head[1:]], rows)


def _memory(found: Mapping[str, Any]) -> Table:
    shares = found.get("shares", {})
    rows = [
        [name, _sizes(found["before"][name]), _sizes(sizes), f"{sum(shares[name]):.0f}" if shares else "not known"]
        for name, sizes in found["after"].items()
    ]
    later = f"each worker after {found['requests']} orders, MiB"
    together = "all its processes together, shared pages counted once, MiB"
    return Table(["program", "each worker after the first order, MiB", later, together], rows)


def _cache(found: Mapping[str, Any]) -> Table:
    rounds = enumerate(zip(found["cached"], found["direct"], strict=True), 1)
    rows = [[str(number), f"{cached:.0f}", f"{direct:.0f}"] for number, (cached, direct) in rounds]
    return Table(["round", "answers/s, micro-cached for 1 s", "answers/s, not cached"], rows)


def _scale(found: Mapping[str, Any]) -> Table:
    small, large = (f"ms, {products} products and {orders} orders" for products, orders in found["sizes"].values())
    rows = [
        [question, _time(took["small"]), _time(took["large"]), _growth(took)]
        for question, took in found["timings"].items()
    ]
    return Table(["request", small, large, "ratio"], rows)


def _runs() -> Table:
    """What each part was run on, and how."""
    rows = []
    for part in (*COMPARISONS, "cache", "memory", "scale"):
        if (found := recall(part)) is not None:
            machine = found["machine"]
            rows.append([part, _rounds(found), *(machine.get(fact, "") for fact in RUN), _command(part)])
    return Table(["part", "rounds", *RUN, "command"], rows)


def _rounds(found: Mapping[str, Any]) -> str:
    if "rounds" not in found:
        return ""
    comparison = Comparison.read(found)
    return f"{max(map(len, comparison.rounds.values()))} of {comparison.setting.seconds:g} s"


def _goals() -> Table:
    rows = [(goal.part, row) for goal in GOALS if (row := goal.row()) is not None]
    return Table([*HEAD, *ORIGIN], [[*row, *_origin(part)] for part, row in rows])


def _with_origin(part: str, found: Table) -> Table:
    return Table([*found.head, *ORIGIN], [[*row, *_origin(part)] for row in found.rows])


def _origin(part: str) -> tuple[str, str, str]:
    machine = (recall(part) or {})["machine"]
    return machine["measured"], machine["commit"], _command(part)


def _command(part: str) -> str:
    return f"make bench PARTS={part}"


def _sizes(sizes: Sequence[float]) -> str:
    return ", ".join(f"{size:.0f}" for size in sizes)


def _growth(took: Mapping[str, float]) -> str:
    return f"{took['large'] / took['small']:.1f}" if math.isfinite(sum(took.values())) else "-"


def _time(milliseconds: float) -> str:
    return "given up (503)" if math.isinf(milliseconds) else f"{milliseconds:.2f}"
