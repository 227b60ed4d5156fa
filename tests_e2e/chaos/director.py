"""Leads through a run: storms and calms, an outage, graceful restarts, and the quiet at the end."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from chaos.faults.graceful import Graceful
from chaos.faults.injector import Injector
from chaos.history import PhaseBegin, PhaseEnd, PhaseName
from chaos.names import part_target
from chaos.plan import CALM_EVERY, Chapter
from chaos.sampling.sampler import Sampler
from chaos.schedule import Planned, Schedule
from chaos.shop import ShopUnderTest
from chaos.workload.crowd import Crowd
from chaos.workload.probe import Probe
from chaos.workload.stage import Stage

AT_ONCE = 16  # faults
RECOVERS_WITHIN = 20.0  # seconds; the checker has its own opinion of what is too long
RESOLVES_WITHIN = 20.0
QUIET = 15.0  # seconds after which the books must be closed
PAUSE = 0.3  # seconds between two storms
LOOK = 0.2


class Director:
    """Has one thing happen after the other."""

    def __init__(
        self, shop: ShopUnderTest, stage: Stage, *, crowd: Crowd, probe: Probe, sampler: Sampler, schedule: Schedule
    ) -> None:
        self._shop = shop
        self._stage = stage
        self._crowd = crowd
        self._probe = probe
        self._sampler = sampler
        self._injector = Injector(shop, stage)
        self._graceful = Graceful(shop)
        self._storms = {False: schedule.storms(), True: schedule.storms(mild=True)}
        self._next_calm = CALM_EVERY

    def play(self, chapter: Chapter) -> None:
        """:raises StackError: if a part of the shop does not come back."""
        match chapter.part:
            case "warm-up":
                with self._phase("warm-up"):
                    time.sleep(chapter.seconds)
            case "storms":
                self._storm(chapter.seconds, mild=False)
            case "mild storms":
                self._storm(chapter.seconds, mild=True)
            case "outage":
                self._outage(chapter.seconds)
            case "graceful restarts":
                self._restart_gracefully()

    def end(self) -> None:
        """Send everybody home, wait, and sample what is left: the books must be closed then."""
        self._crowd.pause()
        time.sleep(QUIET)
        with self._phase("quiet"):
            for _ in range(3):
                self._sampler.look()
                time.sleep(LOOK)

    def _storm(self, seconds: float, *, mild: bool) -> None:
        until = self._now() + seconds
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._now() < until:
                self._strike(next(self._storms[mild]), threads)
                if self._now() > self._next_calm:
                    self._calm()
                    self._next_calm = self._now() + CALM_EVERY
        self._calm()

    def _strike(self, faults: Sequence[Planned], threads: ThreadPoolExecutor) -> None:
        """Bring the faults of one storm about, each at its time, and wait until the shop has recovered from all."""
        began = time.monotonic()
        under_way: list[Future[float | None]] = []
        for fault in faults:
            time.sleep(max(0.0, began + fault.after - time.monotonic()))
            under_way.append(threads.submit(self._injector.inject, fault))
        for striking in under_way:
            striking.result()
        self._probe.wait_for_order(self._now(), within=RECOVERS_WITHIN)
        time.sleep(PAUSE)

    def _calm(self) -> None:
        """Wait until nothing is in doubt that was so before."""
        since = self._now()
        self._until(lambda: not self._sampler.orders.doubts_older_than(since), within=RESOLVES_WITHIN)

    def _outage(self, seconds: float) -> None:
        copies = [f"product_service-{copy}" for copy in (1, 2)]
        with ThreadPoolExecutor(len(copies)) as threads:
            faults = [Planned("sigkill", copy, 0.0, seconds, "all") for copy in copies]
            striking = [threads.submit(self._injector.inject, fault) for fault in faults]
            time.sleep(LOOK)
            with self._phase("products-outage", target="product_service"):
                time.sleep(max(0.0, seconds - 3 * LOOK))
            for struck in striking:
                struck.result()
        self._probe.wait_for_order(self._now(), within=RECOVERS_WITHIN)
        self._calm()

    def _restart_gracefully(self) -> None:
        for part, restart in self._graceful.restarts():
            with self._phase("graceful-restart", target=part_target(part)):
                restart()

    @contextmanager
    def _phase(self, name: PhaseName, *, target: str = "") -> Iterator[None]:
        journal = self._stage.journal
        number = journal.number()
        now = journal.now()
        journal.write(PhaseBegin(at=now.at, wall=now.wall, phase=number, name=name, target=target))
        yield
        now = journal.now()
        journal.write(PhaseEnd(at=now.at, wall=now.wall, phase=number))

    def _until(self, is_so: Callable[[], bool], *, within: float) -> None:
        deadline = time.monotonic() + within
        while not is_so() and time.monotonic() < deadline:
            time.sleep(LOOK)

    def _now(self) -> float:
        return self._stage.journal.now().at
