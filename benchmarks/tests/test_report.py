"""The headlines go between their marks, the rest of the page stays, and all figures are in the appendix."""

import csv
from dataclasses import asdict
from pathlib import Path

import pytest
from stack.errors import StackError

from bench import report, results
from bench.lineup import COMPARED
from tests.made_up import comparison

MACHINE = {
    "measured": "2026-01-01 12:00 UTC",
    "commit": "abc1234",
    "machine": "made up",
    "python": "Python 3.13",
    "idle": "yes",
}
ORIGIN = {"machine": MACHINE, "minutes": "9.5"}
QUESTIONS = (
    "name search, ten products have the word",
    "name search, 3 of 10 products have the word, at the far end",
    "first page by name",
    "last page by name",
)
PAGE = f"# Performance\n\nWritten by hand.\n\n{report.BEGIN}\n\nold figures\n\n{report.END}\n\n## How\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page of its own, and a round of orders that was measured."""
    page = tmp_path / "performance.md"
    page.write_text(PAGE)
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr(report, "REPOSITORY", tmp_path)
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "PICTURE", tmp_path / "performance.png")
    monkeypatch.setattr(report, "APPENDIX", tmp_path / "figures")
    measured = comparison(**{name: [100.0] for name in COMPARED})
    results.keep("orders", {**asdict(measured), **ORIGIN})
    return page


def rows_of(page: Path, name: str) -> list[dict[str, str]]:
    with (page.parent / "figures" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_written_by_hand_stays(page: Path) -> None:
    written = report.write_report()

    text = page.read_text()
    files = ("runs", "goals", "orders", "contenders", "orders-ratios")
    assert written == ["performance.md", "performance.png", *(f"figures/{name}.csv" for name in files)]
    assert text.startswith("# Performance\n\nWritten by hand.")
    assert text.endswith("\n\n## How\n")
    assert "old figures" not in text
    assert "| the ours" in text


def test_writing_it_again_changes_nothing(page: Path) -> None:
    report.write_report()
    first = page.read_text()

    report.write_report()

    assert page.read_text() == first


def test_each_row_of_the_appendix_says_where_it_comes_from(page: Path) -> None:
    report.write_report()

    [ours, *_] = rows_of(page, "orders")
    assert (ours["contender"], ours["per second"], ours["ms of processor time"]) == ("the ours", "100", "1.50")
    assert (ours["measured"], ours["commit"]) == ("2026-01-01 12:00 UTC", "abc1234")
    assert ours["command"] == "make bench PARTS=orders"
    assert rows_of(page, "runs")[0]["idle"] == "yes"


def test_a_part_that_was_measured_elsewhere_says_so(page: Path) -> None:
    alone = comparison(ours=[50.0], usual=[60.0], monolith=[70.0])
    results.keep("alone", {**asdict(alone), **ORIGIN, "machine": {**MACHINE, "commit": "def5678"}})

    report.write_report()

    assert "`alone`: 2026-01-01 12:00 UTC at commit `def5678`." in page.read_text()
    assert {row["commit"] for row in rows_of(page, "alone")} == {"def5678"}


def test_a_machine_that_was_not_idle_is_named_before_everything_else(page: Path) -> None:
    report.write_report()
    assert "CAUTION" not in page.read_text()
    hot = comparison(ours=[50.0], monolith=[60.0])
    busy = {**MACHINE, "idle": "no, others used 37 % of the processors"}
    results.keep("hot", {**asdict(hot), **ORIGIN, "machine": busy})

    report.write_report()

    measured = page.read_text().partition(report.BEGIN)[2].strip()
    assert measured.startswith("> [!CAUTION]")
    assert "`hot`: no, others used 37 % of the processors." in measured.partition("\n\n")[0]


def test_a_page_without_its_marks_is_not_written(page: Path) -> None:
    page.write_text("# Performance\n")

    with pytest.raises(StackError, match="needs the lines"):
        report.write_report()

    assert page.read_text() == "# Performance\n"


def test_without_orders_there_is_no_report(page: Path) -> None:
    (page.parent / "orders.json").unlink()

    with pytest.raises(StackError, match="Nothing was measured"):
        report.write_report()


def test_a_search_that_was_given_up_has_no_ratio(page: Path) -> None:
    asked = {question: {"small": 0.5, "large": 0.6} for question in QUESTIONS}
    scale = {
        "timings": {**asked, "name search, everywhere": {"small": 0.5, "large": float("inf")}},
        "placement": asdict(comparison(small=[100.0], large=[90.0])),
        "sizes": {"small": [10, 10], "large": [1000, 5000]},
        **ORIGIN,
    }
    results.keep("scale", scale)

    report.write_report()

    [row] = [row for row in rows_of(page, "scale") if "everywhere" in row["request"]]
    assert list(row.values())[1:4] == ["0.50", "refused", "-"]
    assert rows_of(page, "scale-orders-ratios")[0]["per second"] == "0.90 (0.90 to 0.90)"
