"""What a SIGKILL leaves behind, who completes it and when, and what a repeat with another body gets."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import uuid4

import psutil

from bench.contender import Contender
from bench.customers import Customer, busy_customers
from bench.progress import say
from bench.rounds import Bench
from bench.running import Running
from bench.tables import table

CUSTOMERS = 32
LOADED = 2.0  # seconds of load before the kill
DOWN = 15.0  # seconds that a service which was killed whole stays away
RECOVERY_TIMEOUT = 60.0
INTERVAL = 0.05
WHOLE, WORKER = "the whole service", "one worker"


@dataclass(frozen=True)
class Crash:
    """
    One SIGKILL under load. Times are seconds since then, infinite if the end was not reached.

    :param undecided: orders that were neither placed nor refused for good.
    :param alone: until there were none, before anybody started the service again.
    :param restarted: until there were none, from the start of the service.
    """

    killed: str
    undecided: int
    alone: float
    restarted: float | None
    stock_error: int


def measure_crashes(bench: Bench, contender: Contender, *, turns: int) -> str:
    """Kill what places the orders, its workers and all of it, and return a table."""
    crashes = []
    for _ in range(turns):
        for killed in (WORKER, WHOLE):
            crashes.append(crash(bench, contender, killed))
            say(f"{contender.title}: {crashes[-1]}")
    head = ["killed", "undecided", "completed by itself after", "after a restart", "ledger balanced"]
    rows = [list(_row(killed, [each for each in crashes if each.killed == killed])) for killed in (WORKER, WHOLE)]
    return f"{contender.title}\n\n{table(head, rows)}\n\nAnother body with the same key: {repeat(bench, contender)}"


def crash(bench: Bench, contender: Contender, killed: str) -> Crash:
    """Kill, under load, a worker of what places the orders or all of it."""
    bench.refresh(contender)
    ledger = contender.ledger
    opening = ledger.read()
    with bench.start(contender) as running:
        [name] = running.serving("order_service")
        with busy_customers(running, CUSTOMERS) as crowd:
            time.sleep(LOADED)
            if killed == WHOLE:
                running.parts[name].kill()
            else:
                _busiest_worker(running, name).kill()
            began = time.perf_counter()
            crowd.ended.set()
            undecided = ledger.count_undecided()
            alone = _until_decided(contender, began, DOWN if killed == WHOLE else RECOVERY_TIMEOUT)
        restarted = None
        if killed == WHOLE:
            time.sleep(max(0.0, began + DOWN - time.perf_counter()))
            Path(running.site.socket(name).removeprefix("unix:")).unlink(missing_ok=True)  # uvicorn does not
            running.parts[name].launch()
            restarted = _until_decided(contender, time.perf_counter(), RECOVERY_TIMEOUT)
        running.drain()
        error = ledger.read().error_since(opening)
    return Crash(killed=killed, undecided=undecided, alone=alone, restarted=restarted, stock_error=error)


def _busiest_worker(running: Running, name: str) -> psutil.Process:
    _, *workers = running.processes(name)
    return max(workers, key=lambda worker: worker.cpu_times().user)


def _until_decided(contender: Contender, began: float, timeout: float) -> float:
    while contender.ledger.count_undecided():
        if time.perf_counter() - began > timeout:
            return float("inf")
        time.sleep(INTERVAL)
    return time.perf_counter() - began


def repeat(bench: Bench, contender: Contender) -> str:
    """What the second of two requests with one key gets."""
    bench.refresh(contender)
    key = str(uuid4())
    with bench.start(contender) as running, closing(Customer(running, "repeater")) as customer:
        first = customer.order(1, quantity=1, key=key)
        second = customer.order(2, quantity=3, key=key)
    if second.status_code == first.status_code and second.json()["id"] == first.json()["id"]:
        return f"{second.status_code}, the first order"
    return f"{second.status_code}, {second.json().get('title') or second.json().get('detail') or 'a second order'}"


def _row(killed: str, crashes: list[Crash]) -> Iterator[str]:
    yield killed
    yield ", ".join(str(each.undecided) for each in crashes)
    yield _seconds([each.alone for each in crashes])
    yield _seconds([each.restarted for each in crashes if each.restarted is not None])
    yield "yes" if all(each.stock_error == 0 for each in crashes) else "no"


def _seconds(measured: list[float]) -> str:
    if not measured:
        return "-"
    return f"{median(measured):.1f} s" if max(measured) < float("inf") else "never"
