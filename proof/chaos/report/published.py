"""The section of docs/reliability.md that carries the figures of one run."""

import re
from datetime import UTC, datetime
from pathlib import Path

from chaos.report.figures import Figures, Spread
from chaos.report.text import command, milliseconds, verdict
from stack.errors import StackError
from stack.places import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "reliability.md"
BEGIN = "<!-- proved: written by `make prove-publish` -->"
END = "<!-- end of what was proved -->"
BETWEEN = re.compile(f"(?<={re.escape(BEGIN)}\n).*(?={re.escape(END)})", re.DOTALL)


class UnpublishableError(StackError):
    """The figures of the run must not be published."""


def publish(figures: Figures, document: Path = DOCUMENT) -> None:
    """
    Replace the figures in the document by those of this run.

    :raises UnpublishableError: if the run was interrupted, or the document has no place for them.
    """
    if not figures.run.is_whole or figures.run.start is None:
        raise UnpublishableError("The run was interrupted; its figures are incomplete.")
    text = document.read_text()
    if not BETWEEN.search(text):
        raise UnpublishableError(f"{document} has no lines {BEGIN} and {END}.")
    replacement = section(figures)
    document.write_text(BETWEEN.sub(lambda _: replacement, text))


def section(figures: Figures) -> str:
    """Return the figures as Markdown."""
    start = figures.run.start
    if start is None:
        raise UnpublishableError("The history has no beginning.")
    day = f"{datetime.fromtimestamp(start.wall, UTC):%Y-%m-%d}"
    head = [
        "",
        f"**{verdict(figures)}**, on {start.database}, in {figures.seconds / 60:.0f} minutes on {day},",
        f"at commit `{start.commit}`, with seed {start.seed}. The same again: `{command(figures)}`.",
        "",
    ]
    recovery = [
        _row("from the end of a fault until an order is placed", figures.recovery),
        *(_row(f"of {kind}", spread) for kind, spread in figures.recovery_by_kind.items()),
        _row("unresolved, with the faults in that time", figures.unresolved),
    ]
    return "\n".join(
        [
            *head,
            *_table(("faults", "number"), [(kind, f"{count:,}") for kind, count in figures.faults.most_common()]),
            *_table(
                ("operations", "number", "done", "refused", "unknown", "p50", "p99"),
                [
                    (
                        of_kind.kind,
                        *(f"{count:,}" for count in (of_kind.count, of_kind.done, of_kind.refused, of_kind.unknown)),
                        milliseconds(of_kind.latency.p50),
                        milliseconds(of_kind.latency.p99),
                    )
                    for of_kind in figures.operations
                ],
            ),
            *_table(("recovery", "number", "p50", "p90", "p99", "longest"), recovery),
            *_table(
                ("memory of the oldest process", "first third of its life", "last third", "growth"),
                [
                    (
                        growth.part,
                        f"{growth.before / 1024:.1f} MiB",
                        f"{growth.after / 1024:.1f} MiB",
                        f"{growth.share:+.1%}",
                    )
                    for growth in figures.growth
                ],
            ),
            f"{figures.orders:,} orders, {figures.snapshots:,} snapshots of the databases.",
            "",
            "",
        ]
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    rule = ("---", *["---:"] * (len(head) - 1))
    return [*(f"| {' | '.join(row)} |" for row in (head, rule, *rows)), ""]


def _row(name: str, spread: Spread) -> tuple[str, ...]:
    seconds = (spread.p50, spread.p90, spread.p99, spread.most)
    return (name, f"{spread.count:,}", *(f"{value:.2f} s" for value in seconds))
