"""All actors, each in a thread. They can be paused."""

import threading
import time
from types import TracebackType
from typing import Protocol, Self

from chaos.workload.customers import Customer
from chaos.workload.others import Agent, Clerk, Visitor
from chaos.workload.shared import Workload

CUSTOMERS, CLERKS, AGENTS, VISITORS = 12, 3, 3, 3
POLL_INTERVAL = 0.02  # seconds


class Actor(Protocol):
    def act(self) -> None: ...


class Actors:
    """
    Runs the actors while the workload is active.

    :raises BaseException: at the end, the first error of an actor, which is a defect of the workload.
    """

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        actors: list[Actor] = [
            *(Customer(workload, number) for number in range(1, CUSTOMERS + 1)),
            *(Clerk(workload, number) for number in range(1, CLERKS + 1)),
            *(Agent(workload, number) for number in range(1, AGENTS + 1)),
            *(Visitor(workload, number) for number in range(1, VISITORS + 1)),
        ]
        self._busy = 0
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(actor, number), daemon=True) for number, actor in enumerate(actors)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workload.finished.set()
        self._workload.active.set()
        for thread in self._threads:
            thread.join()
        if self._errors and error is None:
            raise self._errors[0]

    def pause(self) -> None:
        """Return when no actor has a request in progress."""
        self._workload.active.clear()
        while self._busy:
            time.sleep(POLL_INTERVAL)

    def resume(self) -> None:
        self._workload.active.set()

    def _run(self, actor: Actor, number: int) -> None:
        workload = self._workload
        rng = workload.rng(f"rest of {number}")
        try:
            while workload.active.wait() and not workload.finished.is_set():
                with self._lock:
                    self._busy += 1
                try:
                    if workload.active.is_set():
                        actor.act()
                finally:
                    with self._lock:
                        self._busy -= 1
                workload.finished.wait(rng.uniform(0, 2 * workload.pace))
        except BaseException as error:
            self._errors.append(error)
            raise
