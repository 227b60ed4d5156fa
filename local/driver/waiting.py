"""Waiting for what the shop does in the background."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], wanted: Callable[[T], bool], *, within: float) -> T:
    """
    Call `look` until its result is wanted, and return that.

    :param within: seconds.
    :raises AssertionError: with the last result.
    """
    deadline = time.monotonic() + within
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, f"not within {within} s; the last look showed {seen}"
        time.sleep(0.1)
    return seen
