"""Runs the segments of a run: storms of faults, an outage, graceful restarts, and the quiet phase at the end."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from chaos.faults.graceful import Graceful
from chaos.faults.injector import Injector
from chaos.history import PhaseBegin, PhaseEnd, PhaseName
from chaos.links import INSTANCES
from chaos.names import part_target
from chaos.plan import GREED, OUTAGE, PAUSE_EVERY, Segment
from chaos.planned import Planned, greedy_customer
from chaos.sampling.sampler import Sampler
from chaos.schedule import Schedule
from chaos.shop import ShopUnderTest
from chaos.workload.actors import Actors
from chaos.workload.probe import Probe
from chaos.workload.shared import Workload

AT_ONCE = 16  # faults
RECOVERS_WITHIN = 20.0  # seconds; the checker has its own limit
RESOLVES_WITHIN = 20.0
QUIET = 15.0  # seconds after which the ledger must balance
PAUSE = 0.3  # seconds between two storms
POLL_INTERVAL = 0.2


class Coordinator:
    """Runs one segment after the other."""

    def __init__(
        self,
        shop: ShopUnderTest,
        workload: Workload,
        *,
        actors: Actors,
        probe: Probe,
        sampler: Sampler,
        schedule: Schedule,
    ) -> None:
        self._shop = shop
        self._workload = workload
        self._actors = actors
        self._probe = probe
        self._sampler = sampler
        self._injector = Injector(shop, workload)
        self._graceful = Graceful(shop)
        self._storms, self._mild_storms = schedule.storms(), schedule.mild_storms()
        self._next_pause = PAUSE_EVERY

    def run(self, segment: Segment) -> None:
        """:raises StackError: if a part of the shop does not come back."""
        match segment.part:
            case "warm-up":
                with self._phase("warm-up"):
                    time.sleep(max(0.0, segment.until - self._now()))
            case "storms":
                self._run_storms(segment.until, self._storms)
            case "mild storms":
                self._run_storms(segment.until, self._mild_storms)
            case "outage":
                self._outage()
            case "greedy customer":
                with self._phase("greedy-customer"):
                    self._injector.inject(greedy_customer(0.0, GREED))
            case "graceful restarts":
                self._restart_gracefully(segment.instances)

    def end(self) -> None:
        """Pause all actors, wait, and sample the databases: the ledger must balance then."""
        self._actors.pause()
        time.sleep(QUIET)
        with self._phase("quiet"):
            for _ in range(3):
                self._sampler.sample()
                time.sleep(POLL_INTERVAL)

    def _run_storms(self, until: float, storms: Iterator[Sequence[Planned]]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._now() < until:
                self._run_storm(next(storms), threads)
                if self._now() > self._next_pause:
                    self._wait_until_resolved()
                    self._next_pause = self._now() + PAUSE_EVERY
        self._wait_until_resolved()

    def _run_storm(self, faults: Sequence[Planned], threads: ThreadPoolExecutor) -> None:
        """Inject the faults of one storm, each at its time, and wait until the shop has recovered from all of them."""
        began = time.monotonic()
        under_way: list[Future[float | None]] = []
        for fault in faults:
            time.sleep(max(0.0, began + fault.after - time.monotonic()))
            under_way.append(threads.submit(self._injector.inject, fault))
        for injecting in under_way:
            injecting.result()
        self._probe.wait_for_order(self._now(), within=RECOVERS_WITHIN)
        time.sleep(PAUSE)

    def _wait_until_resolved(self) -> None:
        """Wait until every order that is undecided or unsynced now is resolved. The follower is killed too."""
        self._injector.inject(Planned("sigkill", "follower", 0.0, 0.0))
        since = self._now()
        self._until(lambda: not self._sampler.orders.unresolved_older_than(since), within=RESOLVES_WITHIN)

    def _outage(self) -> None:
        instances = [f"product_service-{instance}" for instance in INSTANCES]
        with ThreadPoolExecutor(len(instances)) as threads:
            faults = [Planned("sigkill", instance, 0.0, OUTAGE, "all") for instance in instances]
            injecting = [threads.submit(self._injector.inject, fault) for fault in faults]
            time.sleep(POLL_INTERVAL)
            with self._phase("products-outage", target="product_service"):
                time.sleep(OUTAGE - 3 * POLL_INTERVAL)
            for injected in injecting:
                injected.result()
        self._probe.wait_for_order(self._now(), within=RECOVERS_WITHIN)
        self._wait_until_resolved()

    def _restart_gracefully(self, instances: Sequence[int]) -> None:
        for part, restart in self._graceful.restarts(instances):
            with self._phase("graceful-restart", target=part_target(part)):
                restart()

    @contextmanager
    def _phase(self, name: PhaseName, *, target: str = "") -> Iterator[None]:
        journal = self._workload.journal
        number = journal.number()
        now = journal.now()
        journal.write(PhaseBegin(at=now.at, wall=now.wall, phase=number, name=name, target=target))
        yield
        now = journal.now()
        journal.write(PhaseEnd(at=now.at, wall=now.wall, phase=number))

    def _until(self, is_so: Callable[[], bool], *, within: float) -> None:
        deadline = time.monotonic() + within
        while not is_so() and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)

    def _now(self) -> float:
        return self._workload.journal.now().at
