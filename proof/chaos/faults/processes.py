"""Faults of processes: signals, and the supervisor that starts a part again."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress

import psutil

from chaos.faults.clocks import shifted_clock
from chaos.planned import Aim, Planned
from chaos.shop import ShopUnderTest
from chaos.workers import GONE, workers
from stack.errors import StackError
from stack.part import Part

BACK_WITHIN = 25.0  # seconds; a graceful stop of a worker may take fifteen
POLL_INTERVAL = 0.02


class Processes:
    """Stops and freezes parts, or single processes of them."""

    def __init__(self, shop: ShopUnderTest) -> None:
        self._shop = shop

    def kill(self, fault: Planned) -> None:
        """SIGKILL. Start the part again if nothing else does."""
        part = self._shop.part(fault.where)
        if fault.aim == "worker":
            self._end_worker(part, signal.SIGKILL)
            return
        if fault.aim == "first":
            os.kill(part.pid, signal.SIGKILL)  # its workers live on until they notice, or the supervisor ends them
            time.sleep(fault.seconds)
        part.kill()
        time.sleep(fault.seconds)
        part.start()

    def terminate(self, fault: Planned) -> None:
        """SIGTERM, wait for the end, start again."""
        part = self._shop.part(fault.where)
        if fault.aim == "worker":
            self._end_worker(part, signal.SIGTERM)
            return
        part.stop()
        time.sleep(fault.seconds)
        part.start()

    def freeze(self, fault: Planned) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        frozen = aimed_at(self._shop.part(fault.where), fault.aim)
        for process in frozen:
            with suppress(*GONE):
                process.suspend()
        time.sleep(fault.seconds)
        for process in frozen:
            with suppress(*GONE):
                process.resume()

    def shift_clock(self, fault: Planned) -> None:
        """Restart the part with a wall clock that is wrong, and restart it once more with the right one."""
        part = self._shop.part(fault.where)
        right = part.environment
        try:
            part.environment = {**right, **shifted_clock(fault.late)}
            part.stop()
            logged = part.log.stat().st_size
            part.start()
            self._wait_for_log(part, logged)
            time.sleep(fault.seconds)
        finally:
            part.environment = right
        part.restart()

    def stop_database(self, fault: Planned) -> None:
        """An immediate stop, as in a power failure, and a start with recovery."""
        part = self._shop.part(fault.where)
        os.kill(part.pid, signal.SIGQUIT)
        deadline = time.monotonic() + BACK_WITHIN
        while part.is_alive():
            if time.monotonic() > deadline:
                raise StackError(f"{part.name} did not stop.\n{part.last_lines()}")
            time.sleep(POLL_INTERVAL)
        part.kill()
        time.sleep(fault.seconds)
        part.start()

    def cut_power(self, fault: Planned) -> None:
        """SIGKILL to everything at once; then start everything, as after a boot."""
        doomed: list[psutil.Process] = []
        for part in self._shop.parts.values():
            with suppress(*GONE):
                psutil.Process(part.pid).suspend()  # so that it forks no more children
            doomed += aimed_at(part, "all")
        for process in doomed:
            with suppress(*GONE):
                process.kill()
        psutil.wait_procs([process for process in doomed if process.pid != os.getpid()], timeout=5)
        for part in self._shop.parts.values():
            part.kill()
        time.sleep(fault.seconds)
        self._shop.assembly.start()

    def _wait_for_log(self, part: Part, logged: int) -> None:
        """Wait until a process that has just started has written to its log: before that, it has done nothing."""
        deadline = time.monotonic() + BACK_WITHIN
        while part.log.stat().st_size == logged and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)

    def _end_worker(self, part: Part, number: signal.Signals) -> None:
        """End one worker and wait until there is another in its place."""
        doomed = workers(part)
        if not doomed:
            return  # the last one has just ended
        with suppress(*GONE):
            doomed[0].send_signal(number)
        deadline = time.monotonic() + BACK_WITHIN
        before = {worker.pid for worker in doomed}
        while time.monotonic() < deadline:
            if not doomed[0].is_running() and {worker.pid for worker in workers(part)} - before and part.is_ready():
                return
            time.sleep(POLL_INTERVAL)
        raise StackError(f"{part.name} has no new worker.\n{part.last_lines()}")


def aimed_at(part: Part, aim: Aim) -> Sequence[psutil.Process]:
    """Return the processes that a fault is aimed at. Of workers, the first is hit first."""
    try:
        match aim:
            case "first":
                return [psutil.Process(part.pid)]
            case "worker":
                return workers(part)
            case "all":
                first = psutil.Process(part.pid)
                return [first, *first.children(recursive=True)]
    except GONE:
        return []
