"""Processor time, by program."""

import resource
from contextlib import suppress

import psutil

from bench.running import Running
from bench.server import DatabaseServer


def processor_times(running: Running, server: DatabaseServer) -> dict[str, float]:
    """Seconds that each program of a contender, the database server and wrk have used so far."""
    times = {name: _seconds(running.processes(name)) for name in running.parts}
    first = psutil.Process(server.part.pid)
    times["postgresql"] = _seconds([first, *first.children(recursive=True)])
    # Of this program's own children only wrk ends during a round.
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    times["wrk"] = ended.ru_utime + ended.ru_stime
    return times


def _seconds(processes: list[psutil.Process]) -> float:
    """The time of a tree of processes, those that have ended and were waited for included."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a session of the database that ended: its parent has its time
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total
