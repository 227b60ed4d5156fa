"""The figures of one run, published: the headlines in docs/reliability.md, the rest as CSV files."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from chaos.report.figures import Figures, Spread
from chaos.report.text import command, describe, verdict
from stack.errors import StackError
from stack.places import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "reliability.md"
APPENDIX = REPOSITORY / "docs" / "figures" / "reliability"
BEGIN = "<!-- proved: written by `make prove-publish` -->"
END = "<!-- end of what was proved -->"
BETWEEN = re.compile(f"(?<={re.escape(BEGIN)}\n).*(?={re.escape(END)})", re.DOTALL)
ORIGIN = ("date", "commit", "command")

Rows = Sequence[Sequence[object]]


class UnpublishableError(StackError):
    """The figures of the run must not be published."""


def publish(figures: Figures, document: Path = DOCUMENT, appendix: Path = APPENDIX) -> None:
    """
    Replace the published figures by those of this run.

    :raises UnpublishableError: if the run was interrupted, or the document has no place for them.
    """
    if not figures.run.is_whole or figures.run.start is None:
        raise UnpublishableError("The run was interrupted; its figures are incomplete.")
    text = document.read_text()
    if not BETWEEN.search(text):
        raise UnpublishableError(f"{document} has no lines {BEGIN} and {END}.")
    replacement = section(figures)
    document.write_text(BETWEEN.sub(lambda _: replacement, text))
    appendix.mkdir(parents=True, exist_ok=True)
    origin = (_day(figures), figures.run.start.commit, command(figures))
    for name, head, rows in _tables(figures):
        with (appendix / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*head, *ORIGIN])
            writer.writerows([*row, *origin] for row in rows)


def section(figures: Figures) -> str:
    """Return the headlines as Markdown."""
    start = figures.run.start
    if start is None:
        raise UnpublishableError("The history has no beginning.")
    return "\n".join(
        [
            "",
            f"**{verdict(figures)}**, on {start.database}, in {figures.seconds / 60:.0f} minutes on {_day(figures)},",
            f"at commit `{start.commit}`, with seed {start.seed}. The same again: `{command(figures)}`.",
            f"{figures.orders:,} orders, {figures.snapshots:,} snapshots of the databases.",
            "",
            f"- From the end of a fault until an order is placed: {describe(figures.recovery)}.",
            f"- Unresolved orders, with the faults in that time: {describe(figures.unresolved)}.",
            "",
            "",
        ]
    )


def _tables(figures: Figures) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Each file with its head and its rows."""
    yield "faults", ("fault", "number"), figures.faults.most_common()
    yield (
        "operations",
        ("operation", "number", "done", "refused", "unknown", "p50 ms", "p99 ms"),
        [
            (one.kind, one.count, one.done, one.refused, one.unknown, *_milliseconds(one.latency))
            for one in figures.operations
        ],
    )
    yield (
        "recovery",
        ("time", "number", "p50 s", "p90 s", "p99 s", "longest s"),
        [
            _row("from the end of a fault until an order is placed", figures.recovery),
            *(_row(f"of {kind}", spread) for kind, spread in figures.recovery_by_kind.items()),
            _row("unresolved, with the faults in that time", figures.unresolved),
        ],
    )
    yield (
        "memory",
        ("oldest process", "first third of its life, MiB", "last third, MiB", "growth"),
        [
            (one.part, f"{one.before / 1024:.1f}", f"{one.after / 1024:.1f}", f"{one.share:+.1%}")
            for one in figures.growth
        ],
    )


def _day(figures: Figures) -> str:
    start = figures.run.start
    return f"{datetime.fromtimestamp(start.wall, UTC):%Y-%m-%d}" if start else ""


def _milliseconds(spread: Spread) -> tuple[str, str]:
    return f"{spread.p50 * 1000:.0f}", f"{spread.p99 * 1000:.0f}"


def _row(name: str, spread: Spread) -> tuple[object, ...]:
    seconds = (spread.p50, spread.p90, spread.p99, spread.most)
    return (name, spread.count, *(f"{value:.2f}" for value in seconds))
