"""Waiting for what the shop does by itself, a short while after it was asked."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], wanted: Callable[[T], bool], *, within: float) -> T:
    """
    Look until what is seen is as wanted, and return it.

    :param within: seconds.
    :raises AssertionError: with what was seen last.
    """
    deadline = time.monotonic() + within
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, f"not within {within} s; the last look showed {seen}"
        time.sleep(0.1)
    return seen
