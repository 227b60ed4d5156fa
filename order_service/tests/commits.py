"""Commits that a test can stop, and threads whose items wait for them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from orders.group_commit import GroupCommit

LONG = 10.0


class Commits:
    """A commit that a test can stop. It answers each item with its double."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(items))
        self.begun.release()
        assert self.gate.wait(LONG)
        if self.failure:
            raise self.failure
        return [ValueError(item) if item < 0 else item * 2 for item in items]


@pytest.fixture
def commits() -> Commits:
    return Commits()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as pool:
        yield pool


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.001)


def held_up_group(
    commits: Commits,
    threads: ThreadPoolExecutor,
    followers: Sequence[int],
    *,
    largest: int = 100,
    lead_timeout: float = LONG,
) -> tuple[GroupCommit[int, int], list[Future[int]]]:
    """Make item 1 the leader, stop its commit, and let the followers queue."""
    group = GroupCommit(commits, largest=largest, lead_timeout=lead_timeout)
    commits.gate.clear()
    futures = [threads.submit(group.submit, 1, queue_timeout=LONG, completion_timeout=LONG)]
    assert commits.begun.acquire(timeout=LONG)
    for count, item in enumerate(followers, start=1):
        futures.append(threads.submit(group.submit, item, queue_timeout=LONG, completion_timeout=LONG))
        wait_until(lambda count=count: group.waiting() == count)  # type: ignore[misc] # bound now
    return group, futures
