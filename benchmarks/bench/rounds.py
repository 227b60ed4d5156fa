"""One round: a contender is started afresh, warmed up, loaded and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stack.errors import StackError
from stack.guard import Guard

from bench.contender import Contender, Site
from bench.load import Load, run_load
from bench.processor import processor_times
from bench.running import Running
from bench.server import DatabaseServer
from bench.stores import copy_of


@dataclass(frozen=True)
class Setting:
    """What a round is like: how many clients, which products, and for how long, in seconds."""

    clients: int = 64
    products: int = 10_000
    warm_up: float = 6
    seconds: float = 5


@dataclass(frozen=True)
class Round:
    """
    What one round showed.

    Costs are per order: processor time in milliseconds, by program; commits, reads included, and flushes of the
    write-ahead log from start to stop; bytes of that log under load. What SQLite commits and flushes is not counted.
    """

    contender: str
    orders_per_second: float
    p50_ms: float
    p99_ms: float
    refused: int
    failed: int
    processor_ms: Mapping[str, float]
    commits: float
    flushes: float
    wal_bytes: float
    stock_error: int
    first_answer: float
    worker_mib: float


@dataclass(frozen=True)
class Bench:
    """What all rounds share: the server, the keys, and a file of bearer tokens."""

    guard: Guard
    site: Site
    tokens: Path

    @property
    def server(self) -> DatabaseServer:
        return self.site.server

    def refresh(self, contender: Contender) -> None:
        """Give the contender its databases as they are before the first order."""
        for store in contender.stores:
            store.refresh()

    def start(self, contender: Contender) -> Running:
        """The contender, to be started on the databases that it has."""
        return Running(
            contender, guard=self.guard, site=replace(self.site, folder=self.site.folder / os.urandom(4).hex())
        )

    def place(self, running: Running, setting: Setting, *, seconds: float) -> Load:
        """Have orders placed for some seconds."""
        environment = {"PRODUCTS": str(setting.products), "TOKENS": str(self.tokens), "KEYS": os.urandom(6).hex()}
        return run_load(running.url, script="place", clients=setting.clients, seconds=seconds, environment=environment)

    def run(self, contender: Contender, setting: Setting) -> Round:
        """
        Run one round on the databases that are there; `refresh` makes new ones.

        :raises StackError: if nothing was ordered.
        """
        databases = [copy_of(store.name) for store in contender.stores]
        self.server.checkpoint()
        opening, counted = contender.ledger.read(), self.server.counters(databases)
        with self.start(contender) as running:
            self.place(running, setting, seconds=setting.warm_up)
            running.drain()
            before, wal = contender.ledger.count(), self.server.wal_position()
            used = processor_times(running, self.server)
            load = self.place(running, setting, seconds=setting.seconds)
            spent = {name: after - used[name] for name, after in processor_times(running, self.server).items()}
            wal = self.server.wal_position() - wal
            placed = contender.ledger.count() - before
            memory = max(max(sizes) for name, sizes in running.workers_mib().items() if name != "gateway")
            running.drain()
            running.settle(opening)
        # Now nothing is under way any more.
        closing = contender.ledger.read()
        counters = self.server.counters(databases)
        if not placed:
            raise StackError(f"{contender.title} placed no order under load.")
        everything = closing.orders - opening.orders
        return Round(
            contender=contender.name,
            orders_per_second=load.rate,
            p50_ms=load.p50_ms,
            p99_ms=load.p99_ms,
            refused=load.refused,
            failed=load.failed,
            processor_ms={name: seconds * 1000 / placed for name, seconds in spent.items()},
            commits=(counters.commits - counted.commits) / everything,
            flushes=(counters.flushes - counted.flushes) / everything,
            wal_bytes=wal / placed,
            stock_error=closing.error_since(opening),
            first_answer=running.first_answer,
            worker_mib=memory,
        )
