"""One run, from an empty folder to a closed history."""

import shutil
import subprocess
import sys
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chaos.coordinator import Coordinator
from chaos.faults.clocks import has_library
from chaos.history import End, FaultKind, Note, Start
from chaos.journal import Clock, Journal
from chaos.plan import Least, Segment, segments
from chaos.products import make_products
from chaos.progress import CountingJournal, Progress
from chaos.sampling.sampler import Sampler
from chaos.schedule import Schedule
from chaos.shapes import documents
from chaos.shop import ShopUnderTest
from chaos.workload.actors import Actors
from chaos.workload.probe import Probe
from chaos.workload.shared import Workload
from stack.errors import StackError
from stack.places import REPOSITORY
from stack.stack import Database

PACE = 0.05  # seconds that each client rests, on average
LONGEST = 2  # times the requested duration, where a slow machine has done less than `least` by then
MORE = 10.0  # seconds at a time
TOKENS_OUTLIVE = 3600  # seconds for which tokens are valid after the run


@dataclass(frozen=True)
class RunOptions:
    """
    The options of a run.

    :param seconds: how long faults are injected; the start and the quiet phase at the end are not counted.
    :param folder: where the history and everything else goes.
    :param often: kinds of faults that are injected ten times as often as others.
    """

    seconds: float
    seed: int
    database: Database
    folder: Path
    mutant: str = ""
    often: tuple[FaultKind, ...] = ()
    least: Least = field(default_factory=Least)

    @property
    def command(self) -> str:
        return f"make prove MINUTES={self.seconds / 60:g} SEED={self.seed} DATABASE={self.database}"


def run(options: RunOptions) -> Path:
    """
    Run a shop under faults from beginning to end, and return the history.

    :raises StackError: if the shop does not start, a part of it does not come back, the audit finds something, or
        the run has less than `least`.
    """
    documents()  # read once, before many threads use them
    options.folder.mkdir(parents=True, exist_ok=True)
    # Files of an earlier run must not pass for those of this one.
    history, data = options.folder / "history.jsonl", options.folder / "shop"
    history.unlink(missing_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    with ExitStack() as opened:
        shop = opened.enter_context(ShopUnderTest(data=data, database=options.database))
        products = make_products(shop)
        journal = opened.enter_context(CountingJournal(history, Clock()))
        now = journal.now()
        journal.write(
            Start(
                at=now.at,
                wall=now.wall,
                seed=options.seed,
                commit=commit(),
                database=options.database,
                command=options.command,
                mutant=options.mutant,
                products=products,
            )
        )
        workload = Workload(
            journal=journal,
            port=shop.port,
            keys=shop.keys,
            products=products[:-1],
            seed=options.seed,
            pace=PACE,
            token_seconds=int(options.seconds) + TOKENS_OUTLIVE,
        )
        sampler = opened.enter_context(Sampler(shop, journal))
        opened.enter_context(Progress(journal))
        actors = opened.enter_context(Actors(workload))
        probe = opened.enter_context(Probe(workload, products[-1]))
        coordinator = Coordinator(
            shop,
            workload,
            actors=actors,
            probe=probe,
            sampler=sampler,
            schedule=Schedule(options.seed, database=options.database, often=options.often, without=without(journal)),
        )
        actors.resume()
        for segment in segments(options.seconds):
            coordinator.run(segment)
        until = options.seconds
        while not journal.has(options.least) and until < LONGEST * options.seconds:
            until += MORE
            coordinator.run(Segment("storms", until))
        coordinator.end()
        audit(shop, journal)
        now = journal.now()
        journal.write(End(at=now.at, wall=now.wall))
        if not journal.has(options.least):
            raise StackError(f"The run is too small: at least {options.least} was requested.")
    return history


def without(journal: Journal) -> Collection[FaultKind]:
    """Return the kinds of faults that this machine cannot inject, and say so, in the history too."""
    if has_library():
        return ()
    text = "NO CLOCK IS SHIFTED: libfaketime was not found (apt-get install libfaketime)."
    sys.stderr.write(f"{text}\n")
    now = journal.now()
    journal.write(Note(at=now.at, wall=now.wall, text=text))
    return {"clock-shift"}


def audit(shop: ShopUnderTest, journal: Journal) -> None:
    """
    Have order_service compare its orders with the reservations, and write its result to the history.

    :raises StackError: if it finds anything.
    """
    result = shop.order_service.run("audit_reservations").strip()
    now = journal.now()
    journal.write(Note(at=now.at, wall=now.wall, text=f"audit_reservations: {result}"))


def commit() -> str:
    """The repository's commit, with "+" if the tree has changes; "" where there is no repository."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)  # noqa: S607 - whichever git there is
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
