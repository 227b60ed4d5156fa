"""All the people at once, each in a thread; they can be sent home for a while."""

import threading
import time
from types import TracebackType
from typing import Protocol, Self

from chaos.workload.customers import Customer
from chaos.workload.others import Agent, Clerk, Visitor
from chaos.workload.stage import Stage

CUSTOMERS, CLERKS, AGENTS, VISITORS = 12, 3, 3, 3
LOOK = 0.02  # seconds


class Actor(Protocol):
    def act(self) -> None: ...


class Crowd:
    """
    Acts while the stage is open.

    :raises BaseException: at the end, what an actor has stumbled over: that is a defect of the play.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        actors: list[Actor] = [
            *(Customer(stage, number) for number in range(1, CUSTOMERS + 1)),
            *(Clerk(stage, number) for number in range(1, CLERKS + 1)),
            *(Agent(stage, number) for number in range(1, AGENTS + 1)),
            *(Visitor(stage, number) for number in range(1, VISITORS + 1)),
        ]
        self._busy = 0
        self._lock = threading.Lock()
        self._stumbled: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._live, args=(actor, number), daemon=True)
            for number, actor in enumerate(actors)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stage.over.set()
        self._stage.open.set()
        for thread in self._threads:
            thread.join()
        if self._stumbled and error is None:
            raise self._stumbled[0]

    def pause(self) -> None:
        """This function will return when nobody does anything any more."""
        self._stage.open.clear()
        while self._busy:
            time.sleep(LOOK)

    def resume(self) -> None:
        self._stage.open.set()

    def _live(self, actor: Actor, number: int) -> None:
        stage = self._stage
        luck = stage.chance(f"rest of {number}")
        try:
            while stage.open.wait() and not stage.over.is_set():
                with self._lock:
                    self._busy += 1
                try:
                    if stage.open.is_set():
                        actor.act()
                finally:
                    with self._lock:
                        self._busy -= 1
                stage.over.wait(luck.uniform(0, 2 * stage.pace))
        except BaseException as error:
            self._stumbled.append(error)
            raise
