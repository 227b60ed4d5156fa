"""The appendix of docs/performance.md: every figure that was measured, as CSV files with the origin beside each row."""

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.comparison import Comparison
from bench.goals import GOALS, HEAD
from bench.plan import ALL, PARTS, SCALE
from bench.results import recall
from bench.tables import Table, figures, ratios

ORIGIN = ("measured", "commit", "command")
RUN = ("measured", "commit", "machine", "disk", "idle", "versions")


def write_appendix(folder: Path) -> list[Path]:
    """Replace the files of all parts that were measured, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    measured = {part: found for part in ALL if (found := recall(part)) is not None}
    tables = {"runs": _runs(measured), "goals": _goals()}
    for part, found in measured.items():
        for name, made in _scale(found) if part == SCALE else _part(part, Comparison.read(found)):
            tables[name] = Table([*made.head, *ORIGIN], [[*row, *_origin(part, found)] for row in made.rows])
    paths = []
    for name, made in tables.items():
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([made.head, *made.rows])
    return paths


def _part(part: str, comparison: Comparison) -> Iterator[tuple[str, Table]]:
    """The tables of a part, each with the name of its file."""
    yield part, figures(comparison)
    base = PARTS[part].base or next(iter(comparison.rounds))
    if part == "orders":
        notes = [[comparison.titles[name], note] for name, note in comparison.notes.items()]
        yield "contenders", Table(["contender", "what it is"], notes)
    if part == "memory":
        yield "memory", _memory(comparison)
    elif part != "topology":
        yield f"{part}-ratios", ratios(comparison, to=base)


def _memory(comparison: Comparison) -> Table:
    [[done]] = comparison.rounds.values()
    rows = [
        [name, f"{size:.0f}", f"{done.shared_mib[name]:.0f}" if done.shared_mib else "not known"]
        for name, size in done.worker_mib.items()
    ]
    return Table(["program", "its largest worker, MiB", "all its processes, shared pages counted once, MiB"], rows)


def _scale(found: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    small, large = (f"ms, {products} products and {orders} orders" for products, orders in found["sizes"].values())
    rows = [
        [question, *(_time(took[size]) for size in ("small", "large")), _growth(took)]
        for question, took in found["timings"].items()
    ]
    placement = Comparison.read(found["placement"])
    yield "scale", Table(["request", small, large, "ratio"], rows)
    yield "scale-orders", figures(placement)
    yield "scale-orders-ratios", ratios(placement, to="large")


def _runs(measured: Mapping[str, Mapping[str, Any]]) -> Table:
    """What each part was run on, and how."""
    rows = [
        [part, found["minutes"], *(found["machine"].get(fact, "") for fact in RUN), _origin(part, found)[-1]]
        for part, found in measured.items()
    ]
    return Table(["part", "minutes", *RUN, "command"], rows)


def _goals() -> Table:
    rows = [(goal.part, row) for goal in GOALS if (row := goal.row()) is not None]
    return Table([*HEAD, *ORIGIN], [[*row, *_origin(part, recall(part) or {})] for part, row in rows])


def _origin(part: str, found: Mapping[str, Any]) -> tuple[str, str, str]:
    machine = found["machine"]
    return machine["measured"], machine["commit"], f"make bench PARTS={part}"


def _growth(took: Mapping[str, float]) -> str:
    return f"{took['large'] / took['small']:.1f}" if math.isfinite(sum(took.values())) else "-"


def _time(milliseconds: float) -> str:
    return "refused" if math.isinf(milliseconds) else f"{milliseconds:.2f}"
