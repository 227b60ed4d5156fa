"""The figures of a run as a short text."""

from chaos.report.figures import Figures, Spread


def summary(figures: Figures) -> str:
    faults = ", ".join(f"{count} {kind}" for kind, count in figures.faults.most_common()) or "none"
    lines = [
        verdict(figures),
        "",
        f"run         {origin(figures)}",
        f"repeat      {command(figures)}",
        f"lasted      {figures.seconds:,.0f} s, {figures.snapshots:,} snapshots of the databases",
        f"faults      {figures.faults.total():,}: {faults}",
        f"operations  {len(figures.run.operations):,}, {figures.orders:,} orders",
        *(
            f"  {one.kind:<14}{one.count:>8,}: {one.done:,} done, {one.refused:,} refused, "
            f"{one.unknown:,} unknown; p50 {milliseconds(one.latency.p50)}, p99 {milliseconds(one.latency.p99)}"
            for one in figures.operations
        ),
        f"recovery    {describe(figures.recovery)} (end of a fault to the next order placed)",
        f"unresolved  {describe(figures.unresolved)} (with the faults in that time)",
        f"feed        {describe(figures.lag)} (until an event was applied, without faults)",
        *(f"memory      {growth.part}: {growth.share:+.1%}" for growth in figures.growth),
    ]
    return "\n".join([*lines, *(f"\n{violation}" for violation in figures.violations), ""])


def origin(figures: Figures) -> str:
    """What was run."""
    start = figures.run.start
    if start is None:
        return "nothing"
    mutant = f", mutant {start.mutant}" if start.mutant else ""
    return f"seed {start.seed}, {start.database}, commit {start.commit}{mutant}"


def command(figures: Figures) -> str:
    """What runs the same again."""
    return figures.run.start.command if figures.run.start else ""


def verdict(figures: Figures) -> str:
    counted = f"in {figures.faults.total():,} faults and {len(figures.run.operations):,} operations"
    if not figures.violations:
        return f"0 violations {counted}{'' if figures.run.is_whole else ', and the run was interrupted'}"
    names = ", ".join(f"{count} {name}" for name, count in figures.broken.most_common())
    return f"{len(figures.violations)} VIOLATIONS {counted}: {names}"


def describe(spread: Spread) -> str:
    return (
        f"p50 {spread.p50:.2f} s, p90 {spread.p90:.2f} s, p99 {spread.p99:.2f} s, longest {spread.most:.2f} s, "
        f"of {spread.count:,}"
    )


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
