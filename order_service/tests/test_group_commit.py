"""Group commit: which items are committed together, and the answer of each."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from orders import group_commit
from orders.group_commit import GroupCommit, NotTaken, StillRunning

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


def test_a_lone_item_does_not_wait(commits: Commits) -> None:
    group = GroupCommit(commits, largest=100, lead_timeout=LONG)

    answer = group.submit(21, queue_timeout=0.0, completion_timeout=0.0)

    assert answer == 42
    assert commits.groups == [[21]]


def test_items_that_arrive_during_a_commit_are_committed_together_next(
    commits: Commits, threads: ThreadPoolExecutor
) -> None:
    _, futures = held_up_group(commits, threads, [2, 3, 4])

    commits.gate.set()

    assert [future.result(LONG) for future in futures] == [2, 4, 6, 8]
    assert commits.groups == [[1], [2, 3, 4]]


@pytest.mark.parametrize(("largest", "groups"), [(2, [[1], [2, 3], [4, 5], [6]]), (3, [[1], [2, 3, 4], [5, 6]])])
def test_a_group_is_never_larger_than_allowed(
    commits: Commits, threads: ThreadPoolExecutor, largest: int, groups: list[list[int]]
) -> None:
    _, futures = held_up_group(commits, threads, [2, 3, 4, 5, 6], largest=largest)

    commits.gate.set()

    assert [future.result(LONG) for future in futures] == [2, 4, 6, 8, 10, 12]
    assert commits.groups == groups


def test_a_leader_answers_as_soon_as_its_own_group_is_done(commits: Commits, threads: ThreadPoolExecutor) -> None:
    group, futures = held_up_group(commits, threads, [2])
    second_gate = threading.Event()
    first_gate, commits.gate = commits.gate, second_gate

    first_gate.set()

    assert futures[0].result(LONG) == 2
    assert not futures[1].done()
    second_gate.set()
    assert futures[1].result(LONG) == 4
    assert group.waiting() == 0


def test_the_error_of_one_item_does_not_affect_the_others(commits: Commits, threads: ThreadPoolExecutor) -> None:
    _, futures = held_up_group(commits, threads, [2, -3, 4])

    commits.gate.set()

    assert [futures[1].result(LONG), futures[3].result(LONG)] == [4, 8]
    with pytest.raises(ValueError, match="-3"):
        futures[2].result(LONG)


def test_a_commit_that_raises_fails_only_its_own_group(commits: Commits, threads: ThreadPoolExecutor) -> None:
    group, futures = held_up_group(commits, threads, [])
    commits.failure = ConnectionError("gone")

    commits.gate.set()

    with pytest.raises(ConnectionError):
        futures[0].result(LONG)
    commits.failure = None
    assert group.submit(5, queue_timeout=LONG, completion_timeout=LONG) == 10


def test_a_commit_with_too_few_answers_fails_its_group(threads: ThreadPoolExecutor) -> None:
    group: GroupCommit[int, int] = GroupCommit(lambda items: items[1:], largest=100, lead_timeout=LONG)

    with pytest.raises(ValueError, match="shorter"):
        group.submit(1, queue_timeout=LONG, completion_timeout=LONG)


def test_an_item_that_no_group_takes_in_time_is_never_committed(
    commits: Commits, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, futures = held_up_group(commits, threads, [2])
    waits: list[float] = []
    wait = threading.Event.wait

    def observed(event: threading.Event, timeout: float) -> bool:
        waits.append(timeout)
        return wait(event, timeout)

    monkeypatch.setattr(threading.Event, "wait", observed)

    with pytest.raises(NotTaken):
        group.submit(99, queue_timeout=0.01, completion_timeout=LONG)

    assert max(waits) <= 0.01
    commits.gate.set()
    assert [future.result(LONG) for future in futures] == [2, 4]
    assert commits.groups == [[1], [2]]


def test_an_item_whose_group_does_not_finish_in_time_is_still_running(
    commits: Commits, threads: ThreadPoolExecutor
) -> None:
    group, futures = held_up_group(commits, threads, [2])
    impatient = threads.submit(group.submit, 3, queue_timeout=0.3, completion_timeout=0.05)
    wait_until(lambda: group.waiting() == 2)
    second_gate = threading.Event()
    first_gate, commits.gate = commits.gate, second_gate

    first_gate.set()

    with pytest.raises(StillRunning):
        impatient.result(LONG)
    second_gate.set()
    assert futures[1].result(LONG) == 4
    assert commits.groups == [[1], [2, 3]]


def test_an_item_that_a_group_took_may_wait_for_the_completion_timeout_too(
    commits: Commits, threads: ThreadPoolExecutor
) -> None:
    group, _ = held_up_group(commits, threads, [2])
    late = threads.submit(group.submit, 3, queue_timeout=0.3, completion_timeout=LONG)
    wait_until(lambda: group.waiting() == 2)
    first_gate, commits.gate = commits.gate, threading.Event()

    first_gate.set()

    assert commits.begun.acquire(timeout=LONG)
    time.sleep(0.3)
    commits.gate.set()
    assert late.result(LONG) == 6


def test_each_of_many_concurrent_items_gets_its_own_answer(commits: Commits, threads: ThreadPoolExecutor) -> None:
    group = GroupCommit(commits, largest=10, lead_timeout=LONG)

    answers = list(
        threads.map(lambda item: group.submit(item, queue_timeout=LONG, completion_timeout=LONG), range(2_000))
    )

    assert answers == [item * 2 for item in range(2_000)]
    assert sorted(item for items in commits.groups for item in items) == list(range(2_000))
    assert max(len(items) for items in commits.groups) <= 10


def test_a_late_leader_loses_the_lead_to_one_that_waits(commits: Commits, threads: ThreadPoolExecutor) -> None:
    _, futures = held_up_group(commits, threads, [2, 3], lead_timeout=0.5)
    late_gate, commits.gate = commits.gate, threading.Event()
    commits.gate.set()

    assert [future.result(LONG) for future in futures[1:]] == [4, 6]
    assert not futures[0].done()
    late_gate.set()
    assert futures[0].result(LONG) == 2
    assert [sorted(items) for items in commits.groups] == [[1], [2, 3]]


def test_a_late_leader_loses_the_lead_to_one_that_arrives(commits: Commits, threads: ThreadPoolExecutor) -> None:
    group, futures = held_up_group(commits, threads, [], lead_timeout=0.01)
    late_gate, commits.gate = commits.gate, threading.Event()
    commits.gate.set()
    time.sleep(0.01)

    assert group.submit(2, queue_timeout=0.0, completion_timeout=0.0) == 4

    late_gate.set()
    assert futures[0].result(LONG) == 2


def test_a_follower_of_a_late_group_s_successor_has_all_of_its_time(
    commits: Commits, threads: ThreadPoolExecutor
) -> None:
    group, futures = held_up_group(commits, threads, [], lead_timeout=0.5)
    late_gate, commits.gate = commits.gate, threading.Event()
    futures += [threads.submit(group.submit, item, queue_timeout=LONG, completion_timeout=0.1) for item in (2, 3)]
    assert commits.begun.acquire(timeout=LONG)  # the second group
    time.sleep(0.5)  # longer than the completion timeout, which begins after the queue timeout

    commits.gate.set()

    assert [future.result(LONG) for future in futures[1:]] == [4, 6]
    late_gate.set()
    assert futures[0].result(LONG) == 2


def test_a_leader_that_has_lost_the_lead_does_not_hand_it_over(commits: Commits, threads: ThreadPoolExecutor) -> None:
    group, futures = held_up_group(commits, threads, [], lead_timeout=0.1)
    group.lead_timeout = LONG  # of the next leader
    late_gate, commits.gate = commits.gate, threading.Event()
    futures.append(threads.submit(group.submit, 2, queue_timeout=LONG, completion_timeout=LONG))
    assert commits.begun.acquire(timeout=LONG)  # the second group, led by item 2
    futures.append(threads.submit(group.submit, 3, queue_timeout=LONG, completion_timeout=LONG))
    wait_until(lambda: group.waiting() == 1)

    late_gate.set()

    assert futures[0].result(LONG) == 2
    assert group.waiting() == 1
    commits.gate.set()
    assert [future.result(LONG) for future in futures[1:]] == [4, 6]
    assert commits.groups == [[1], [2], [3]]


def test_while_a_late_leader_writes_that_into_the_log_others_go_on(
    commits: Commits, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()

    class SlowLog:
        def warning(self, _: str) -> None:
            assert written.wait(LONG)

    monkeypatch.setattr(group_commit, "log", SlowLog())
    group, futures = held_up_group(commits, threads, [], lead_timeout=0.01)
    futures.append(threads.submit(group.submit, 2, queue_timeout=LONG, completion_timeout=LONG))
    assert commits.begun.acquire(timeout=LONG)  # the second group: the first one is late

    commits.gate.set()

    assert futures[1].result(LONG) == 4
    assert group.submit(3, queue_timeout=LONG, completion_timeout=LONG) == 6
    written.set()
    assert futures[0].result(LONG) == 2
