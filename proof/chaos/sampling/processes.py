"""The resident memory of every process of the shop."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

import psutil

from chaos.history import Memory
from chaos.journal import Clock
from chaos.names import part_target
from chaos.workers import workers
from stack.part import Part

KIB = 1024
DATABASE = "-database"


def memory(parts: Mapping[str, Part], clock: Clock) -> Iterator[Memory]:
    """Yield a line for each process of a part but the databases' (whose cache is meant to fill)."""
    for name, part in parts.items():
        if name.endswith(DATABASE) or not part.is_alive():
            continue
        # A process that has ended meanwhile has no memory, and a frozen one keeps what it has.
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(part.pid)
            yield _line(first, part_target(name), clock)
            for worker in workers(part):
                with suppress(psutil.NoSuchProcess):
                    yield _line(worker, part_target(name, worker=True), clock)


def _line(process: psutil.Process, target: str, clock: Clock) -> Memory:
    resident = process.memory_info().rss
    now = clock.now()
    return Memory(at=now.at, wall=now.wall, part=target, pid=process.pid, kib=resident // KIB)
