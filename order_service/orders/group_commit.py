"""
Group commit: requests that arrive while one is being committed are committed together, as a database does it.

The first to arrive leads: it commits a group of itself and everybody who waits, and hands the lead on when it is done.
Whoever arrives meanwhile waits for the next group. There is no timer and no thread of its own, so that a lone request
waits for nobody.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class NotTaken(Exception):
    """The request waited as long as it may, and no group has taken it: nothing was begun."""


class StillRunning(Exception):
    """The request's group did not finish in time: nobody knows yet what becomes of it."""


class _Request(Generic[Item, Answer]):
    """
    One waiting thread: what it wants, and what it is woken for.

    It sleeps by asking for a lock that is taken until somebody wakes it, once: an Event is made of three locks.
    """

    def __init__(self, item: Item) -> None:
        self.item = item
        self.leads = False
        self.answer: Answer | Exception | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wake(self) -> None:
        self._asleep.release()

    def is_woken_within(self, seconds: float) -> bool:
        return self._asleep.acquire(timeout=seconds)


class GroupCommit(Generic[Item, Answer]):
    """
    Commit the items of concurrent threads in groups.

    :param commit: commits up to `largest` items and returns an answer, or the exception to raise, for each, in order.
        If it raises, every member of the group gets that exception.
    """

    def __init__(self, commit: Callable[[Sequence[Item]], Sequence[Answer | Exception]], *, largest: int) -> None:
        self._commit = commit
        self._largest = largest
        self._lock = threading.Lock()
        self._waiting: deque[_Request[Item, Answer]] = deque()
        self._led = False

    def submit(self, item: Item, *, patience: float, limit: float) -> Answer:
        """
        Commit one item, together with those of other threads, and return its answer.

        :param patience: seconds to wait for a group to take the item.
        :param limit: seconds to wait for that group to finish, from the end of patience at the latest.
        :raises NotTaken: if no group took the item in time; it will never be committed.
        :raises StillRunning: if its group has not finished in time.
        """
        request = _Request[Item, Answer](item)
        with self._lock:
            request.leads, self._led = not self._led, True
            if not request.leads:
                self._waiting.append(request)
        if not request.leads and not request.is_woken_within(patience):
            self._leave(request)
            if not request.is_woken_within(limit):
                raise StillRunning
        if request.leads:
            self._lead(request)
        if isinstance(request.answer, Exception):
            raise request.answer
        return request.answer  # type: ignore[return-value] # an answered request has an answer

    def waiting(self) -> int:
        """Return how many requests wait for a group to take them."""
        return len(self._waiting)

    def _leave(self, request: _Request[Item, Answer]) -> None:
        with self._lock:
            if request in self._waiting:
                self._waiting.remove(request)
                raise NotTaken

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
            self._hand_on()
        for request in followers:
            request.wake()

    def _hand_on(self) -> None:
        with self._lock:
            if not self._waiting:
                self._led = False
                return
            heir = self._waiting.popleft()
            heir.leads = True
        heir.wake()
