"""Samples the databases and the memory of processes at regular intervals, and writes the samples to the history."""

import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from chaos.journal import Journal
from chaos.sampling.applied import AppliedEvents
from chaos.sampling.databases import PostgresDatabase, SqliteDatabase, UnreadableError
from chaos.sampling.processes import memory
from chaos.sampling.rows import OrderRows, ProductRows
from chaos.shop import ShopUnderTest

EVERY = 0.5  # seconds
MEMORY_EVERY = 10.0


class Sampler:
    """Samples in a thread until the block ends."""

    def __init__(self, shop: ShopUnderTest, journal: Journal) -> None:
        self._shop = shop
        self._journal = journal
        self.orders = OrderRows(_database(shop, "order_service"), journal.clock)
        self.products = ProductRows(_database(shop, "product_service"), journal.clock)
        self.events = AppliedEvents(shop.followed, journal.clock)
        self._over = threading.Event()
        self._sampling = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._memory_due = 0.0
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self.orders.close()
        self.products.close()
        if self._error is not None and error is None:
            raise self._error

    def sample(self) -> bool:
        """Sample now. Return whether both databases answered."""
        answered = []
        with self._sampling:
            for rows in (self.orders, self.products):
                with suppress(UnreadableError):  # a database that is down is not sampled
                    self._journal.write(rows.sample())
                    answered.append(rows)
            with suppress(UnreadableError):
                self._journal.write(self.events.sample())
        return len(answered) == 2  # noqa: PLR2004 - both

    def _run(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self.sample()
                if time.monotonic() >= self._memory_due:
                    self._memory_due = time.monotonic() + MEMORY_EVERY
                    for line in memory(self._shop.parts, self._journal.clock):
                        self._journal.write(line)
        except BaseException as error:
            self._error = error
            raise


def _database(shop: ShopUnderTest, service: str) -> PostgresDatabase | SqliteDatabase:
    """A service's database, past the proxy."""
    if shop.clusters:
        return PostgresDatabase(shop.clusters[service].database_url(service))
    return SqliteDatabase(shop.data / f"{service}.sqlite3")
