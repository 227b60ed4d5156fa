"""Group commit: which items are committed together, and the answer of each."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from orders import group_commit
from orders.group_commit import GroupCommit, NotTaken, StillRunning
from tests.commits import LONG, Commits, held_up_group, wait_until


def test_lone_items_do_not_wait(commits: Commits) -> None:
    group = GroupCommit(commits, largest=100, lead_timeout=LONG)

    answers = [group.submit(item, queue_timeout=0.0, completion_timeout=0.0) for item in (21, 22)]

    assert answers == [42, 44]
    assert commits.groups == [[21], [22]]


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
    first_gate, commits.gate = commits.gate, threading.Event()

    first_gate.set()

    assert futures[0].result(LONG) == 2
    assert not futures[1].done()
    commits.gate.set()
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
    is_woken_within = group_commit._Request.is_woken_within  # noqa: SLF001 - where it waits

    def observed(request: Any, seconds: float) -> bool:
        waits.append(seconds)
        return is_woken_within(request, seconds)

    monkeypatch.setattr(group_commit._Request, "is_woken_within", observed)  # noqa: SLF001

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
    first_gate, commits.gate = commits.gate, threading.Event()

    first_gate.set()

    with pytest.raises(StillRunning):
        impatient.result(LONG)
    commits.gate.set()
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
