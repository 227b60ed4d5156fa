"""Tables in Markdown, which are as readable at a terminal."""

from collections.abc import Sequence

from bench.comparison import Comparison, shares


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns line up."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(head), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)])


def figures(comparison: Comparison, titles: dict[str, str]) -> str:
    """What each contender did, medians of its rounds."""
    head = ["", "orders/s", "p50 ms", "p99 ms", "processor ms/order", "commits", "flushes", "WAL bytes", "stock right"]
    rows = []
    for name in comparison.rounds:
        programs = shares(comparison.rounds[name][0].processor_ms)
        costs = {
            program: comparison.middle(name, lambda done, program=program: done.processor_ms[program])  # type: ignore[misc] # a bound default
            for program in programs
        }
        split = ", ".join(f"{program} {cost:.2f}" for program, cost in costs.items())
        errors = {done.stock_error for done in comparison.rounds[name]}
        rows.append(
            [
                titles.get(name, name),
                f"{comparison.middle(name, lambda done: done.orders_per_second):.0f}",
                f"{comparison.middle(name, lambda done: done.p50_ms):.1f}",
                f"{comparison.middle(name, lambda done: done.p99_ms):.1f}",
                f"{sum(costs.values()):.2f} ({split})",
                f"{comparison.middle(name, lambda done: done.commits):.2f}",
                f"{comparison.middle(name, lambda done: done.flushes):.2f}",
                f"{comparison.middle(name, lambda done: done.wal_bytes):.0f}",
                "yes" if errors == {0} else "no",
            ]
        )
    return table(head, rows)


def ratios(comparison: Comparison, titles: dict[str, str], *, to: str = "ours") -> str:
    """One contender's figures by everybody else's."""
    head = [f"{titles.get(to, to)} / ...", "orders/s", "p50", "p99", "processor time per order"]
    rows = [
        [
            titles.get(name, name),
            str(comparison.ratio(to, name, lambda done: done.orders_per_second)),
            str(comparison.ratio(to, name, lambda done: done.p50_ms)),
            str(comparison.ratio(to, name, lambda done: done.p99_ms)),
            str(comparison.ratio(to, name, lambda done: sum(shares(done.processor_ms).values()))),
        ]
        for name in comparison.rounds
        if name != to
    ]
    return table(head, rows)


def print_table(comparison: Comparison) -> None:
    print("\n" + figures(comparison, {}))
    if "ours" in comparison.rounds and len(comparison.rounds) > 1:
        print("\n" + ratios(comparison, {}))
