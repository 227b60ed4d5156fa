"""Tables: of figures, and how they are printed."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple

from bench.comparison import Comparison, p50, p99, processor_time, rate
from bench.rounds import Round


class Table(NamedTuple):
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown whose columns line up, so that it is readable at a terminal too."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(head), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)])


def figures(comparison: Comparison) -> Table:
    """What each contender did, medians of its rounds: speed, then processor time, in all and by program."""
    return Table(
        ["contender", *COLUMNS],
        [
            [comparison.titles[name], *(show(rounds) for show in COLUMNS.values())]
            for name, rounds in comparison.rounds.items()
        ],
    )


def ratios(comparison: Comparison, *, to: str = "ours") -> Table:
    """One contender's figures by those of each other, round by round."""
    named = {"per second": rate, "p50": p50, "p99": p99, "processor time": processor_time}
    rows = [
        [comparison.titles[name], *(str(comparison.ratio(to, name, figure)) for figure in named.values())]
        for name in comparison.rounds
        if name != to
    ]
    return Table([f"{comparison.titles[to]} / ...", *named], rows)


def print_comparison(comparison: Comparison) -> None:
    print("\n" + table(*figures(comparison)))
    if "ours" in comparison.rounds and len(comparison.rounds) > 1:
        print("\n" + table(*ratios(comparison)))


def _middle(rounds: Sequence[Round], *, figure: Callable[[Round], float], form: str) -> str:
    return format(median(map(figure, rounds)), form)


def _by_program(rounds: Sequence[Round]) -> str:
    split = {name: median(done.processor_ms[name] for done in rounds) for name in rounds[0].processor_ms}
    return ", ".join(f"{name} {cost:.2f}" for name, cost in sorted(split.items(), key=lambda share: -share[1]))


# What costs is per order, or per answer where there were other requests too.
COLUMNS: dict[str, Callable[[Sequence[Round]], str]] = {
    "per second": partial(_middle, figure=rate, form=".0f"),
    "p50 ms": partial(_middle, figure=p50, form=".1f"),
    "p99 ms": partial(_middle, figure=p99, form=".1f"),
    "commits": partial(_middle, figure=lambda done: done.commits, form=".2f"),
    "flushes": partial(_middle, figure=lambda done: done.flushes, form=".2f"),
    "WAL bytes": partial(_middle, figure=lambda done: done.wal_bytes, form=".0f"),
    "refused": lambda rounds: str(sum(done.refused + done.failed for done in rounds)),
    "ledger balanced": lambda rounds: "yes" if all(done.stock_error == 0 for done in rounds) else "no",
    "ms of processor time": partial(_middle, figure=processor_time, form=".2f"),
    "of which": _by_program,
}
