"""A group that is late: its leader loses the lead, and the next group does not wait for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from orders import group_commit
from tests.commits import LONG, Commits, held_up_group, wait_until


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
