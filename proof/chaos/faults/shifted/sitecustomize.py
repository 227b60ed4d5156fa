# ruff: noqa: INP001 - Python looks for this name in the folders of PYTHONPATH
"""
What Python imports first in a process with a wrong clock: its own sleep, in place of one that fails.

With FAKETIME_DONT_FAKE_MONOTONIC, libfaketime 0.9.10 has `time.sleep` fail with EINVAL.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep  # type: ignore[assignment] # less general than the original
