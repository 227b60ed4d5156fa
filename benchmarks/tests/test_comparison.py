"""Rounds become medians and ratios."""

import json
import math
from dataclasses import asdict

from bench.comparison import Comparison, Ratio
from bench.tables import costs, figures, processor_time, rate, ratios
from tests.made_up import ROUND, comparison


def test_a_ratio_pairs_the_rounds_of_one_turn() -> None:
    compared = comparison(ours=[300.0, 200.0, 90.0], usual=[100.0, 50.0, 60.0])

    assert compared.ratio("ours", "usual", rate) == Ratio(median=3.0, lowest=1.5, highest=4.0)


def test_who_places_nothing_is_infinitely_slower() -> None:
    compared = comparison(ours=[300.0], usual=[0.0])

    assert compared.ratio("ours", "usual", rate).median == math.inf


def test_the_load_generator_is_nobodys_cost() -> None:
    assert processor_time(ROUND) == 1.5


def test_what_was_written_is_read_again() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])

    assert Comparison.read(json.loads(json.dumps(asdict(compared)))) == compared


def test_wrong_stock_is_shown() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])
    wrong = asdict(compared)
    wrong["rounds"]["usual"][0]["stock_error"] = -3

    lines = figures(Comparison.read(wrong)).splitlines()

    assert lines[2].split("|")[-2].strip() == "yes"
    assert lines[3].split("|")[-2].strip() == "no"


def test_tables_name_everybody_and_compare_the_others_only() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])

    assert "the ours" in costs(compared)
    assert "order_service 1.00, postgresql 0.50" in costs(compared)
    assert ratios(compared).splitlines()[2].startswith("| the usual")
