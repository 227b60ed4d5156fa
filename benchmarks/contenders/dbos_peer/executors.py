"""The name that a process has for DBOS, which recovers the workflows of a name when a process with it starts."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path


@contextmanager
def claim_executor() -> Iterator[str]:
    """
    Hold the first name that no living process has: a process takes the name of one that died, and no other's.

    With one name for all, a process that starts would recover what the others are at.
    """
    for number in count():
        with (Path(os.environ["EXECUTORS"]) / f"executor-{number}").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"executor-{number}"
            return
