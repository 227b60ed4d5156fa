"""Goals say what was reached."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from bench import results
from bench.goals import GOALS, Goal, headlines
from tests.made_up import comparison

RARE = "name search, ten products have the word"
BROAD = "name search, 3 of 10 products have the word, at the far end"


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Keep a made-up comparison under the name of `orders`."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)

    def keep(**rates: list[float]) -> None:
        results.keep("orders", asdict(comparison(**rates)))

    return keep


def goal(what: str) -> Goal:
    return next(goal for goal in GOALS if what in goal.what)


@pytest.mark.parametrize(("ours", "word"), [(250.0, "yes"), (240.0, "no")])
def test_a_goal_is_met_by_the_median(orders: Callable[..., None], ours: float, word: str) -> None:
    orders(ours=[ours], monolith=[100.0])

    row = goal("the shop / best-tuned monolith").row()

    assert row is not None
    assert row[-1] == word


def test_a_figure_without_a_goal_is_not_judged(orders: Callable[..., None], tmp_path: Path) -> None:
    orders(ours=[1.0], monolith=[1.0])
    (tmp_path / "orders.json").rename(tmp_path / "alone.json")

    row = goal("p50, one client, the shop / best-tuned monolith").row()

    assert row == ["p50, one client, the shop / best-tuned monolith", "1.00 (1.00 to 1.00)", "", "-"]


def test_what_was_not_measured_has_no_line(orders: Callable[..., None]) -> None:
    orders(ours=[1.0], monolith=[1.0])

    assert goal("one hot product").row() is None


def test_the_page_shows_the_main_goals_and_those_that_are_not_reached(orders: Callable[..., None]) -> None:
    names = ("ours", "monolith", "grouped", "guarded_grouped", "usual", "trimmed", "article", "usual_port", "fastapi")
    orders(**{name: [100.0] for name in names})
    searches = {RARE: {"small": 0.1, "large": 0.5}, BROAD: {"small": 20.0, "large": math.inf}}
    pages = {f"{page} page by name": {"small": 0.1, "large": 0.1} for page in ("first", "last")}
    placement = asdict(comparison(small=[100.0], large=[95.0]))
    results.keep("scale", {"timings": {**searches, **pages}, "placement": placement})

    shown = {row[0].partition(",")[0]: row[-1] for row in headlines().rows}

    assert shown["search for a word of ten products"] == "**no**"
    assert "orders/s" in shown
    assert "last page / first" not in shown


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        (0.2, "yes"),
        (101.0, "no"),
        (math.inf, "yes"),  # refused: the answer says what is wrong
    ],
)
@pytest.mark.usefixtures("orders")
def test_a_broad_search_is_quick_or_refused(measured: float, word: str) -> None:
    results.keep("scale", {"timings": {BROAD: {"small": 0.1, "large": measured}}})

    row = goal("page of a word of 300,000").row()

    assert row is not None
    assert row[-1] == word


def test_files_are_readable_by_people(orders: Callable[..., None], tmp_path: Path) -> None:
    orders(ours=[1.0])

    assert json.loads((tmp_path / "orders.json").read_text())["titles"] == {"ours": "the ours"}


def test_nothing_is_reached_against_who_answered_nothing(orders: Callable[..., None]) -> None:
    orders(ours=[250.0, 250.0], usual_port=[0.0, 0.0])

    row = goal("the shop / usual port").row()

    assert row is not None
    assert row[1] == "the other answered nothing"
    assert row[-1] == "not known"


@pytest.mark.parametrize(("large", "word"), [(0.15, "yes"), (0.16, "no"), (math.inf, "no")])
@pytest.mark.usefixtures("orders")
def test_a_bound_from_above_is_met_from_below(large: float, word: str) -> None:
    results.keep("scale", {"timings": {RARE: {"small": 0.1, "large": large}}})

    row = goal("search for a word of ten products").row()

    assert row is not None
    assert row[-1] == word
    assert "inf" not in row[1]
