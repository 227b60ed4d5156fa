"""Checks a history and writes its report."""

from pathlib import Path

from chaos.checker.check import check_run
from chaos.checker.run import gather
from chaos.journal import read
from chaos.report.figures import Figures
from chaos.report.page import page
from chaos.report.text import summary
from chaos.report.timeline import draw


def report(history: Path) -> Figures:
    """
    Check a history, and write `report.html`, `timeline.png` and `summary.txt` beside it.

    :returns: its figures, the violations among them.
    """
    run = gather(read(history))
    figures = Figures(run, check_run(run))
    picture = history.with_name("timeline.png")
    draw(figures, picture)
    history.with_name("report.html").write_text(page(figures, picture))
    history.with_name("summary.txt").write_text(summary(figures))
    return figures
