"""Leads through a run: storms and calms, an outage, graceful restarts, and the quiet at the end."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from chaos.faults.graceful import Graceful
from chaos.faults.injector import Injector
from chaos.history import PhaseBegin, PhaseEnd, PhaseName
from chaos.links import COPIES
from chaos.names import part_target
from chaos.plan import CALM_EVERY, OUTAGE, Chapter
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
        self._storms, self._mild_storms = schedule.storms(), schedule.mild_storms()
        self._next_calm = CALM_EVERY

    def play(self, chapter: Chapter) -> None:
        """:raises StackError: if a part of the shop does not come back."""
        match chapter.part:
            case "warm-up":
                with self._phase("warm-up"):
                    time.sleep(max(0.0, chapter.until - self._now()))
            case "storms":
                self._weather(chapter.until, self._storms)
            case "mild storms":
                self._weather(chapter.until, self._mild_storms)
            case "outage":
                self._outage()
            case "graceful restarts":
                self._restart_gracefully(chapter.copies)

    def end(self) -> None:
        """Send everybody home, wait, and sample what is left: the books must be closed then."""
        self._crowd.pause()
        time.sleep(QUIET)
        with self._phase("quiet"):
            for _ in range(3):
                self._sampler.look()
                time.sleep(LOOK)

    def _weather(self, until: float, storms: Iterator[Sequence[Planned]]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._now() < until:
                self._strike(next(storms), threads)
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

    def _outage(self) -> None:
        copies = [f"product_service-{copy}" for copy in COPIES]
        with ThreadPoolExecutor(len(copies)) as threads:
            faults = [Planned("sigkill", copy, 0.0, OUTAGE, "all") for copy in copies]
            striking = [threads.submit(self._injector.inject, fault) for fault in faults]
            time.sleep(LOOK)
            with self._phase("products-outage", target="product_service"):
                time.sleep(OUTAGE - 3 * LOOK)
            for struck in striking:
                struck.result()
        self._probe.wait_for_order(self._now(), within=RECOVERS_WITHIN)
        self._calm()

    def _restart_gracefully(self, copies: Sequence[int]) -> None:
        for part, restart in self._graceful.restarts(copies):
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
