"""One round: a contender is started afresh, warmed up, loaded and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stack.errors import StackError
from stack.guard import Guard
from stack.keys import SCOPES, sign_token

from bench.contender import Contender, Site
from bench.load import Load, run_load
from bench.running import Running
from bench.server import DatabaseServer
from bench.stores import copy_of

TOKEN_SECONDS = 12 * 3600  # longer than any run
MOST_REFUSED = 0.01  # of a load with reads: two writers of a monolith may lock each other out for longer than it waits


@dataclass(frozen=True)
class Setting:
    """
    What a round is like: how many clients, which products, for how long, in seconds, and which requests.

    :param shares: of 100 requests, how many are of which kind (lua/mix.lua).
    """

    clients: int = 64
    products: int = 10_000
    warm_up: float = 6
    seconds: float = 5
    shares: Mapping[str, int] = field(default_factory=lambda: {"place": 100})
    page_size: int = 20
    pause_ms: int = 0


@dataclass(frozen=True)
class Round:
    """
    What one round showed.

    Costs are per order, or per answer where there were other requests too: processor time in milliseconds, by program;
    commits, reads included, and flushes of the write-ahead log from start to stop; bytes of that log under load. What
    SQLite commits and flushes is not counted. The load generator is no part of a contender, and not charged. Memory is
    in MiB, by program: the largest worker, and all processes, pages that several share divided between them.
    """

    contender: str
    per_second: float
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
    worker_mib: Mapping[str, float]
    shared_mib: Mapping[str, float]


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
        folder = self.site.folder / os.urandom(4).hex()
        return Running(contender, guard=self.guard, site=replace(self.site, folder=folder))

    def load(self, running: Running, setting: Setting, *, seconds: float) -> Load:
        """Have requests sent for some seconds."""
        environment = {
            "PRODUCTS": str(setting.products),
            "SHARES": " ".join(f"{kind}={share}" for kind, share in setting.shares.items()),
            "PAGE_SIZE": str(setting.page_size),
            "PAUSE_MS": str(setting.pause_ms),
            "TOKENS": str(self.tokens),
            "STAFF": sign_token(self.site.keys, subject="clerk", scope=SCOPES["staff"], seconds=TOKEN_SECONDS),
            "KEYS": os.urandom(6).hex(),
        }
        return run_load(running.url, clients=setting.clients, seconds=seconds, environment=environment)

    def run(self, contender: Contender, setting: Setting) -> Round:
        """
        Run one round on the databases that are there; `refresh` makes new ones.

        :raises StackError: if nothing was answered, or more of a load with reads was refused than may be.
        """
        setting = replace(setting, **contender.load)
        only_orders = set(setting.shares) == {"place"}
        databases = [copy_of(store.name) for store in contender.stores]
        self.server.checkpoint()
        opening, counted = contender.ledger.read(), self.server.counters(databases)
        with self.start(contender) as running:
            warmed = self.load(running, setting, seconds=setting.warm_up)
            running.drain()
            before, wal = contender.ledger.count(), self.server.wal_position()
            used = running.processor_seconds()
            load = self.load(running, setting, seconds=setting.seconds)
            spent = {name: after - used[name] for name, after in running.processor_seconds().items()}
            wal = self.server.wal_position() - wal
            done = contender.ledger.count() - before if only_orders else load.answered
            workers, shares = running.workers_mib(), running.shares_mib()
            running.drain()
            running.settle(opening)
        # Now nothing is under way any more.
        closing = contender.ledger.read()
        counters = self.server.counters(databases)
        if not done or (not only_orders and load.refused > MOST_REFUSED * load.requests):
            raise StackError(f"{contender.title}: {done} requests done, {load.refused} refused, {load.failed} failed.")
        everything = closing.orders - opening.orders if only_orders else warmed.answered + load.answered
        return Round(
            contender=contender.name,
            per_second=load.rate,
            p50_ms=load.p50_ms,
            p99_ms=load.p99_ms,
            refused=load.refused,
            failed=load.failed,
            processor_ms={name: seconds * 1000 / done for name, seconds in spent.items()},
            commits=(counters.commits - counted.commits) / everything,
            flushes=(counters.flushes - counted.flushes) / everything,
            wal_bytes=wal / done,
            stock_error=closing.error_since(opening),
            first_answer=running.first_answer,
            worker_mib={name: max(sizes) for name, sizes in workers.items()},
            shared_mib={name: sum(sizes) for name, sizes in shares.items()},
        )
