"""What pairs say about a trick: how much it gains, and whether that is enough to keep it."""

from collections.abc import Sequence

from bench.pairs import ALONE, COST, FIRST_ORDER, MEMORY, P50, RATE, Pair, Spread, ratio

LEAST_GAIN = 0.05
"""What a trick must gain of what it is for, or plain library use takes its place (docs/performance.md, "Tricks")."""

HEAD = ("with / without", "processor time per order", "verdict")


def order_cells(pairs: Sequence[Pair]) -> list[str]:
    """The cells of a trick that is to save time of requests, under HEAD."""
    rate, alone = ratio(pairs, RATE), ratio(pairs, P50, ALONE)
    cost = f"{ratio(pairs, COST)}; alone {ratio(pairs, COST, ALONE)}"
    return [f"orders/s {rate}; p50 alone {alone}", cost, verdict([rate, inverse(alone)])]


def start_cells(pairs: Sequence[Pair]) -> list[str]:
    """The cells of a trick that is to make starts quicker or processes smaller, under HEAD."""
    seconds, memory = ratio(pairs, FIRST_ORDER), ratio(pairs, MEMORY)
    return [f"first order {seconds}; memory {memory}", "", verdict([inverse(seconds), inverse(memory)])]


def verdict(gains: Sequence[Spread]) -> str:
    """
    Judge a trick by the figure in which it gains most.

    It is unclear where one quartile of that figure is below the least gain and the other is not: measure more pairs.

    :param gains: figures of which more is better, with the trick by without it.
    """
    best = max(gains, key=lambda gain: gain.median)
    gained = f"{best.median - 1:+.1%}"
    if best.lower < 1 + LEAST_GAIN <= best.upper:
        return f"{gained}, unclear"
    return f"{gained}, worth it" if best.median >= 1 + LEAST_GAIN else f"{gained}, not worth it"


def inverse(spread: Spread) -> Spread:
    """Turn a ratio of which less is better into one of which more is."""
    return Spread(median=1 / spread.median, lower=1 / spread.upper, upper=1 / spread.lower)
