"""Two versions of the shop, started in turn: how soon they place an order, and how much memory they take."""

from dataclasses import dataclass

from bench.contender import Contender
from bench.progress import say
from bench.rounds import Bench, Setting

WARM_UP = 2  # seconds of load, after which every worker has imported and built what it needs


@dataclass(frozen=True)
class Start:
    """
    One start.

    :param seconds: from starting all processes to the first order.
    :param mib: what the web processes take after some load, pages that several share divided between them.
    """

    seconds: float
    mib: float


def measure_starts(bench: Bench, one: Contender, two: Contender, *, pairs: int) -> list[tuple[Start, Start]]:
    """Start both versions in turn, each on fresh databases."""
    found = []
    for number in range(1, pairs + 1):
        pair = (_start(bench, one), _start(bench, two))
        found.append(pair)
        say(f"start {number} of {pairs}: " + " against ".join(f"{it.seconds:.2f} s, {it.mib:.1f} MiB" for it in pair))
    return found


def _start(bench: Bench, contender: Contender) -> Start:
    bench.refresh(contender)
    with bench.start(contender) as running:
        bench.place(running, Setting(), seconds=WARM_UP)
        shares = running.shares_mib()
        running.drain()
    return Start(seconds=running.first_answer, mib=sum(sum(shares[name]) for name in contender.services.values()))
