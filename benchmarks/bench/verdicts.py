"""What paired slices and starts say about a trick: how much it gains, and whether that is enough to keep it."""

from collections.abc import Callable, Sequence

from bench.pairs import ALONE, TOGETHER, Pairs, Slice, Spread
from bench.starts import Start

LEAST_GAIN = 0.05
"""What a trick must gain of what it is for, or plain library use takes its place (docs/performance.md, "Tricks")."""

HEAD = ("with / without", "processor time per order", "verdict")


def order_cells(pairs: Pairs) -> list[str]:
    """The cells of a trick that is to save time of requests, under HEAD."""
    rate = pairs.ratio(TOGETHER, orders_per_second)
    alone = pairs.ratio(ALONE, p50_ms)
    cost = f"{pairs.ratio(TOGETHER, processor_ms)}; alone {pairs.ratio(ALONE, processor_ms)}"
    return [f"orders/s {rate}; p50 alone {alone}", cost, verdict([rate, inverse(alone)])]


def start_cells(starts: Sequence[tuple[Start, Start]]) -> list[str]:
    """The cells of a trick that is to make starts quicker or processes smaller, under HEAD."""
    seconds = _spread(starts, lambda start: start.seconds)
    memory = _spread(starts, lambda start: start.mib)
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


def orders_per_second(done: Slice) -> float:
    return done.orders_per_second


def p50_ms(done: Slice) -> float:
    return done.p50_ms


def processor_ms(done: Slice) -> float:
    return done.processor_ms


def _spread(starts: Sequence[tuple[Start, Start]], figure: Callable[[Start], float]) -> Spread:
    return Spread.of([figure(one) / figure(two) for one, two in starts])
