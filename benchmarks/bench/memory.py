"""How large the shop's processes are when they have worked for a while."""

import psutil

from bench.contender import Contender
from bench.progress import say
from bench.rounds import Bench, Setting

REQUESTS = 20_000
SLICE = 5.0  # seconds


def measure_memory(bench: Bench, contender: Contender) -> dict[str, object]:
    """
    Return the resident memory of each worker, by program, in MiB, before and after 20,000 orders.

    `shares` is what it comes to in the end, by process, where pages that several share are divided between them.
    """
    bench.refresh(contender)
    with bench.start(contender) as running:
        before = running.workers_mib()
        placed = 0
        while placed < REQUESTS:
            load = bench.place(running, Setting(), seconds=SLICE)
            placed += load.requests - load.refused
            say(f"memory: {placed:,} of {REQUESTS:,} orders")
        found = {"requests": placed, "before": before, "after": running.workers_mib()}
        return {**found, "shares": running.shares_mib()} if psutil.LINUX else found
