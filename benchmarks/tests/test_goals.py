"""Goals say what was reached."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from bench import results
from bench.goals import GOALS, Goal
from tests.made_up import comparison


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Keep a made-up comparison under the name of `orders`."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)

    def keep(**rates: list[float]) -> None:
        results.keep("orders", asdict(comparison(**rates)))

    return keep


def goal(what: str) -> Goal:
    return next(goal for goal in GOALS if what in goal.what)


@pytest.mark.parametrize(("ours", "word"), [(250.0, "aim"), (140.0, "yes"), (120.0, "**no**")])
def test_a_goal_is_met_by_the_median(orders: Callable[..., None], ours: float, word: str) -> None:
    orders(ours=[ours], monolith=[100.0])

    row = goal("the shop / best-tuned monolith").row()

    assert row is not None
    assert row[-1] == word


def test_what_was_not_measured_has_no_line(orders: Callable[..., None]) -> None:
    orders(ours=[1.0], monolith=[1.0])

    assert goal("one hot product").row() is None


def test_files_are_readable_by_people(orders: Callable[..., None], tmp_path: Path) -> None:
    orders(ours=[1.0])

    assert json.loads((tmp_path / "orders.json").read_text())["titles"] == {"ours": "the ours"}


def test_nothing_is_reached_against_who_answered_nothing(orders: Callable[..., None]) -> None:
    orders(ours=[250.0, 250.0], usual_port=[0.0, 0.0])

    row = goal("the shop / usual port").row()

    assert row is not None
    assert row[1] == "the other answered nothing"
    assert row[-1] == "not known"


@pytest.mark.parametrize(("large", "word"), [(0.2, "yes"), (0.5, "**no**"), (math.inf, "**no**")])
@pytest.mark.usefixtures("orders")
def test_a_bound_from_above_is_met_from_below(large: float, word: str) -> None:
    results.keep("scale", {"timings": {"name search, ten products have the word": {"small": 0.1, "large": large}}})

    row = goal("search for a word of ten products").row()

    assert row is not None
    assert row[-1] == word
    assert "inf" not in row[1]
