"""
Group commit: items that arrive while a group is being committed are committed together next, as in a database.

The first thread to arrive is the leader: it commits a group of its own item and all that wait, then makes the first
thread that has arrived meanwhile the next leader. There is no timer and no extra thread, so a lone item never waits.

A leader that does not finish in time, such as one that waits for a database that has vanished, loses the lead to a
thread that waits or arrives. Its own group may still be committed, beside the next one.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class NotTaken(Exception):
    """No group took the item before its queue timeout. It will never be committed."""


class StillRunning(Exception):
    """The item's group did not finish before the completion timeout. Its outcome is not known yet."""


class _Request(Generic[Item, Answer]):
    """One waiting thread, and its item. Another thread wakes it, once."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.leads = False
        self.answer: Answer | Exception | None = None
        self._answered = threading.Event()

    def wake(self) -> None:
        self._answered.set()

    def is_woken_within(self, seconds: float) -> bool:
        return self._answered.wait(seconds)


class GroupCommit(Generic[Item, Answer]):
    """
    Commits the items of concurrent threads in groups.

    :param commit: commits up to `largest` items and returns an answer, or the exception to raise, for each, in order.
        If it raises, every member of the group gets that exception.
    :param lead_timeout: seconds after which a leader that has not finished loses the lead.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Item]], Sequence[Answer | Exception]],
        *,
        largest: int,
        lead_timeout: float,
    ) -> None:
        self._commit = commit
        self._largest = largest
        self.lead_timeout = lead_timeout
        self._lock = threading.Lock()
        self._waiting: deque[_Request[Item, Answer]] = deque()
        self._leader: _Request[Item, Answer] | None = None
        self._lead_ends = 0.0  # an instant of the monotonic clock

    def submit(self, item: Item, *, queue_timeout: float, completion_timeout: float) -> Answer:
        """
        Commit one item, together with those of other threads, and return its answer.

        :param queue_timeout: seconds to wait until a group takes the item.
        :param completion_timeout: seconds to wait, after the queue timeout, until that group has finished.
        :raises NotTaken: if no group took the item in time; it will never be committed.
        :raises StillRunning: if its group has not finished in time.
        """
        request = _Request[Item, Answer](item)
        with self._lock:
            if self._leader is None or self._is_late():
                self._give_lead(request)
            else:
                self._waiting.append(request)
        if not request.leads:
            self._follow(request, queue_timeout, completion_timeout)
        if request.leads:
            self._lead(request)
        if isinstance(request.answer, Exception):
            raise request.answer
        return request.answer  # type: ignore[return-value] # an answered request has an answer

    def waiting(self) -> int:
        """Return how many items wait for a group."""
        return len(self._waiting)

    def _follow(self, request: _Request[Item, Answer], queue_timeout: float, completion_timeout: float) -> None:
        """Wait until a group that has taken the request is finished, or the request leads the next one."""
        leave_at = time.monotonic() + queue_timeout
        while not request.is_woken_within(min(leave_at, self._lead_ends) - time.monotonic()):
            with self._lock:
                if request not in self._waiting:  # a group has it
                    break
                if self._is_late():
                    self._waiting.remove(request)
                    self._give_lead(request)
                    return
                if time.monotonic() >= leave_at:
                    self._waiting.remove(request)
                    raise NotTaken
        else:
            return
        if not request.is_woken_within(leave_at + completion_timeout - time.monotonic()):
            raise StillRunning

    def _is_late(self) -> bool:
        return time.monotonic() >= self._lead_ends

    def _give_lead(self, request: _Request[Item, Answer]) -> None:
        request.leads = True
        self._leader, self._lead_ends = request, time.monotonic() + self.lead_timeout

    def _lead(self, leader: _Request[Item, Answer]) -> None:
        with self._lock:
            followers = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._largest - 1))]
        group = [leader, *followers]
        try:
            answers = self._commit([request.item for request in group])
            for request, answer in zip(group, answers, strict=True):
                request.answer = answer
        except Exception as error:  # noqa: BLE001 - raised again in every thread of the group
            for request in group:
                request.answer = error
        finally:
            self._hand_over(leader)
        for request in followers:
            request.wake()

    def _hand_over(self, leader: _Request[Item, Answer]) -> None:
        """Make the thread that has waited longest the leader of the next group, unless the lead was lost."""
        with self._lock:
            is_late = self._leader is not leader
            successor = self._waiting.popleft() if self._waiting and not is_late else None
            if successor is not None:
                self._give_lead(successor)
            elif not is_late:
                self._leader = None
        if successor is not None:
            successor.wake()
        elif is_late:
            log.warning("group was late: the next one did not wait for it")
