"""Processor time of trees of processes."""

from collections.abc import Iterable
from contextlib import suppress

import psutil


def processor_seconds(processes: Iterable[psutil.Process]) -> float:
    """The time of these processes, those of their children included that have ended and were waited for."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a session of the database that ended: its parent has its time
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total
