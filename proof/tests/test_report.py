"""The report of a run: a page, a picture, a text, and the figures in the document."""

import re
from pathlib import Path

import pytest

from chaos.checker.run import gather
from chaos.journal import Clock, Journal
from chaos.report.figures import Figures, spread
from chaos.report.published import BEGIN, DOCUMENT, END, UnpublishableError, publish
from chaos.report.report import report
from tests.forged import Forged, ok, refused, row, shown

PNG = b"\x89PNG"


@pytest.fixture
def run() -> Forged:
    run = Forged()
    run.fault(1.0, 2.0, "sigkill", "order_service/worker")
    run.fault(3.0, 4.0, "cut-reply", "gateway>order_service")
    run.place(2.5, ok(shown(1)))
    run.place(3.5, None, key="k2", takes=1.0)
    run.place(5.0, refused("insufficient-stock", 409), key="k3")
    run.orders(6.0, row(1, at=2.51))
    run.phase(6.5, 7.0, "quiet")
    run.end(8.0)
    return run


def written(run: Forged, folder: Path) -> Path:
    with Journal(folder / "history.jsonl", Clock()) as journal:
        for entry in run.entries:
            journal.write(entry)
    return journal.path


def test_a_report_is_three_files_beside_the_history(run: Forged, tmp_path: Path) -> None:
    figures = report(written(run, tmp_path))

    assert figures.violations == []
    assert (tmp_path / "timeline.png").read_bytes().startswith(PNG)
    assert "0 violations in 2 faults and 3 operations" in (tmp_path / "summary.txt").read_text()
    assert "1 sigkill" in (tmp_path / "summary.txt").read_text()


def test_the_page_needs_no_other_file(run: Forged, tmp_path: Path) -> None:
    report(written(run, tmp_path))

    page = (tmp_path / "report.html").read_text()
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "gateway&gt;order_service" in page


def test_a_violation_is_in_the_page_and_in_the_summary(run: Forged, tmp_path: Path) -> None:
    run.place(5.5, ok(shown(2)))

    report(written(run, tmp_path))

    for name in ("report.html", "summary.txt"):
        text = (tmp_path / name).read_text()
        assert "key-with-two-orders" in text
        assert "customer-1 requests: place product 1" in text


def test_an_incomplete_history_is_read_as_far_as_it_goes(run: Forged, tmp_path: Path) -> None:
    history = written(run, tmp_path)
    history.write_bytes(history.read_bytes()[:-20])

    figures = report(history)

    assert "the run was interrupted" in (tmp_path / "summary.txt").read_text()
    assert not figures.run.is_whole


def test_figures_are_published_between_the_marks(run: Forged, tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")

    publish(Figures(gather(run.entries), []), document, tmp_path / "figures")

    text = document.read_text()
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "**0 violations in 2 faults and 3 operations**" in text
    assert "- From the end of a fault until an order is placed: p50 " in text
    assert "old" not in text


def test_each_row_of_the_published_files_says_where_it_comes_from(run: Forged, tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"{BEGIN}\n{END}\n")
    figures = Figures(gather(run.entries), [])

    publish(figures, document, tmp_path / "figures")

    names = sorted(path.stem for path in (tmp_path / "figures").iterdir())
    assert names == ["faults", "memory", "operations", "recovery"]
    [place] = (tmp_path / "figures" / "operations.csv").read_text().splitlines()[1:]
    assert figures.run.start is not None
    assert place.startswith("place,3,1,1,1,")
    assert place.endswith(f",{figures.run.start.commit},{figures.run.start.command}")


def test_an_interrupted_run_is_not_published(run: Forged, tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"{BEGIN}\nold\n{END}\n")

    with pytest.raises(UnpublishableError, match="interrupted"):
        publish(Figures(gather(run.entries[:-1]), []), document, tmp_path / "figures")

    assert "old" in document.read_text()
    assert not (tmp_path / "figures").exists()


def test_the_document_has_a_place_for_figures_and_a_line_for_each_invariant() -> None:
    text = DOCUMENT.read_text()
    sources = "".join(path.read_text() for path in (Path(__file__).parents[1] / "chaos" / "checker").glob("*.py"))
    names = set(re.findall(r"^- `([a-z-]+)`: ", text, re.MULTILINE))

    assert text.count(BEGIN) == text.count(END) == 1
    assert len(names) >= 20
    assert [name for name in names if f'"{name}"' not in sources] == []
    assert set(re.findall(r'run,\s+"([a-z-]+)"', sources)) <= names


def test_percentiles_are_values_that_occurred() -> None:
    assert spread([3.0, 1.0, 2.0]).p50 == 2.0
    assert spread(float(number) for number in range(1, 101)).p99 == 99.0
    assert spread([]).most == 0.0
