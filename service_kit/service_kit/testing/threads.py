"""Many callers at the same moment, each on its own connection to the database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
LONGEST_WAIT = 20  # seconds that a thread waits for the others; one that failed never comes


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run the jobs in threads that begin together."""
    barrier = Barrier(len(jobs), timeout=LONGEST_WAIT)

    def run(job: Callable[[], T]) -> T:
        connection.ensure_connection()
        barrier.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))
