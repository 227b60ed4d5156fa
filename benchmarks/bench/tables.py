"""Tables: of figures, and how they are printed."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from bench.comparison import Comparison, shares
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
    """What each contender did, medians of its rounds."""
    head = ["", "orders/s", "p50 ms", "p99 ms", "commits", "flushes", "WAL bytes", "refused", "ledger balanced"]
    return Table(head, [_figures(comparison, name) for name in comparison.rounds])


def _figures(comparison: Comparison, name: str) -> list[str]:
    rounds = comparison.rounds[name]
    return [
        comparison.titles[name],
        f"{comparison.middle(name, rate):.0f}",
        f"{comparison.middle(name, lambda done: done.p50_ms):.1f}",
        f"{comparison.middle(name, lambda done: done.p99_ms):.1f}",
        f"{comparison.middle(name, lambda done: done.commits):.2f}",
        f"{comparison.middle(name, lambda done: done.flushes):.2f}",
        f"{comparison.middle(name, lambda done: done.wal_bytes):.0f}",
        str(sum(done.refused + done.failed for done in rounds)),
        "yes" if all(done.stock_error == 0 for done in rounds) else "no",
    ]


def costs(comparison: Comparison) -> Table:
    """Processor time per order, in all and by program."""
    head = ["", "ms/order", "of which"]
    rows = []
    for name, rounds in comparison.rounds.items():
        split = {
            program: comparison.middle(name, partial(_cost, program=program))
            for program in shares(rounds[0].processor_ms)
        }
        ordered = sorted(split.items(), key=lambda share: -share[1])
        rows.append(
            [
                comparison.titles[name],
                f"{comparison.middle(name, processor_time):.2f}",
                ", ".join(f"{program} {cost:.2f}" for program, cost in ordered),
            ]
        )
    return Table(head, rows)


def ratios(comparison: Comparison, *, to: str = "ours") -> Table:
    """One contender's figures by those of each other, round by round."""
    head = [f"{comparison.titles[to]} / ...", "orders/s", "p50", "p99", "processor time per order"]
    rows = [
        [
            comparison.titles[name],
            str(comparison.ratio(to, name, rate)),
            str(comparison.ratio(to, name, lambda done: done.p50_ms)),
            str(comparison.ratio(to, name, lambda done: done.p99_ms)),
            str(comparison.ratio(to, name, processor_time)),
        ]
        for name in comparison.rounds
        if name != to
    ]
    return Table(head, rows)


def print_comparison(comparison: Comparison) -> None:
    print("\n" + table(*figures(comparison)))
    print("\n" + table(*costs(comparison)))
    if "ours" in comparison.rounds and len(comparison.rounds) > 1:
        print("\n" + table(*ratios(comparison)))


def rate(done: Round) -> float:
    return done.orders_per_second


def processor_time(done: Round) -> float:
    """Milliseconds of processor time per order, the load generator's not included."""
    return sum(shares(done.processor_ms).values())


def _cost(done: Round, *, program: str) -> float:
    return done.processor_ms[program]
