"""Paired slices become ratios, and ratios a verdict."""

import pytest

from bench.pairs import ALONE, COST, FIRST_ORDER, MEMORY, P50, RATE, TOGETHER, Figures, Pair, Spread, ratio
from bench.verdicts import inverse, order_cells, start_cells, verdict


def figures(rate: float, wait: float) -> Figures:
    """These orders/s at 64 clients, and this p50 of one client."""
    return {(RATE, TOGETHER): rate, (P50, ALONE): wait, (COST, TOGETHER): 1.0, (COST, ALONE): 4.0}


def start(mib: float) -> Figures:
    return {(FIRST_ORDER, TOGETHER): 0.8, (MEMORY, TOGETHER): mib}


def test_a_ratio_pairs_slices_that_were_next_to_each_other() -> None:
    rates = [(300.0, 100.0), (200.0, 200.0), (40.0, 20.0)]

    measured: list[Pair] = [(figures(one, 5.0), figures(two, 5.0)) for one, two in rates]

    assert ratio(measured, RATE) == Spread(median=2.0, lower=1.5, upper=2.5)


def test_a_single_slice_that_was_disturbed_moves_neither_median_nor_quartiles_far() -> None:
    calm = Spread.of([1.0, 1.0, 1.0, 1.0, 1.0, 1.0])

    assert Spread.of([1.0, 1.0, 1.0, 1.0, 1.0, 9.0]) == calm


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (Spread(1.10, 1.08, 1.12), "+10.0%, worth it"),
        (Spread(1.02, 1.00, 1.04), "+2.0%, not worth it"),
        (Spread(0.98, 0.97, 0.99), "-2.0%, not worth it"),
        (Spread(1.06, 1.04, 1.08), "+6.0%, unclear"),
        (Spread(1.04, 1.02, 1.05), "+4.0%, unclear"),
    ],
)
def test_five_per_cent_decide(gain: Spread, said: str) -> None:
    assert verdict([gain]) == said


def test_a_trick_is_judged_by_what_it_is_best_for() -> None:
    measured = [(figures(100.0, 4.0), figures(100.0, 5.0))] * 3

    assert order_cells(measured)[-1] == "+25.0%, worth it"


def test_waiting_longer_is_no_gain() -> None:
    measured = [(figures(100.0, 5.0), figures(100.0, 4.0))] * 3

    assert order_cells(measured)[-1] == "+0.0%, not worth it"


def test_the_inverse_of_a_spread_keeps_its_order() -> None:
    assert inverse(Spread(median=0.5, lower=0.25, upper=1.0)) == Spread(median=2.0, lower=1.0, upper=4.0)


def test_a_start_is_judged_by_time_or_memory() -> None:
    smaller = [(start(mib=90.0), start(mib=100.0))] * 3
    alike = [(start(mib=100.0), start(mib=100.0))] * 3

    assert start_cells(smaller)[-1] == "+11.1%, worth it"
    assert start_cells(alike)[-1] == "+0.0%, not worth it"
