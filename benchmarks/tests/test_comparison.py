"""Rounds become medians and ratios."""

import json
from dataclasses import asdict

import pytest
from stack.errors import StackError

from bench.comparison import Comparison, Ratio, rate
from bench.tables import figures, ratios
from tests.made_up import comparison


def test_a_ratio_pairs_the_rounds_of_one_turn() -> None:
    compared = comparison(ours=[300.0, 200.0, 90.0], usual=[100.0, 50.0, 60.0])

    assert compared.ratio("ours", "usual", rate) == Ratio(median=3.0, lowest=1.5, highest=4.0)


def test_a_contender_that_answered_nothing_is_compared_with_none() -> None:
    compared = comparison(ours=[300.0, 200.0, 250.0], usual=[0.0, 0.0, 50.0])

    assert not compared.ratio("ours", "usual", rate).is_known
    assert str(compared.ratio("ours", "usual", lambda done: done.p99_ms)) == "the other answered nothing"
    assert "inf" not in str(ratios(compared))


def test_a_single_round_without_an_answer_leaves_no_highest_ratio() -> None:
    compared = comparison(ours=[300.0, 200.0, 250.0], usual=[0.0, 100.0, 50.0])

    assert str(compared.ratio("ours", "usual", rate)) == "5.00 (2.00 to a round with nothing to compare)"


def test_a_contender_that_answered_nothing_has_no_ratio_itself() -> None:
    compared = comparison(ours=[300.0, 0.0], usual=[100.0, 100.0])

    with pytest.raises(StackError, match="the ours answered nothing"):
        compared.ratio("ours", "usual", lambda done: done.p99_ms)


def test_what_was_written_is_read_again() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])

    assert Comparison.read(json.loads(json.dumps(asdict(compared)))) == compared


def test_a_ledger_that_is_not_balanced_is_shown() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])
    wrong = asdict(compared)
    wrong["rounds"]["usual"][0]["stock_error"] = -3

    rows = figures(Comparison.read(wrong)).rows

    assert [row[-3] for row in rows] == ["yes", "no"]


def test_tables_name_all_contenders_and_compare_the_others_only() -> None:
    compared = comparison(ours=[300.0], usual=[100.0])

    [ours, _] = figures(compared).rows
    assert (ours[0], *ours[-2:]) == ("the ours", "1.50", "order_service 1.00, postgresql 0.50")
    assert [row[0] for row in ratios(compared).rows] == ["the usual"]
