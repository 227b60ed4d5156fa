"""Wrong wall clocks: libfaketime, which Debian has, answers a process that asks for the time."""

from collections.abc import Mapping
from pathlib import Path

from stack.errors import StackError

# The one for programs with threads; where Debian, and Homebrew, put it.
PLACES = (
    *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
    *Path("/usr/lib/faketime").glob("libfaketimeMT.so.1"),
)

SLEEP = Path(__file__).parent / "shifted"  # a folder with what lets such a process sleep


def has_library() -> bool:
    return bool(PLACES)


def shifted_clock(seconds: float) -> Mapping[str, str]:
    """
    Return the environment variables of a process whose wall clock is wrong by so many seconds.

    Its monotonic clock stays right: it measures durations, and no process compares it with another one's.

    :raises StackError: if the library is missing.
    """
    if not PLACES:
        raise StackError("libfaketime was not found. Install it (apt-get install libfaketime) and try again.")
    return {
        "LD_PRELOAD": str(PLACES[0]),
        "FAKETIME": f"{seconds:+}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",  # its name before version 0.9.10
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(SLEEP),
    }
