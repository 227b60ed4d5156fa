"""One run, from an empty folder to a closed history."""

import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chaos.director import Director
from chaos.history import End, FaultKind, Note, Start
from chaos.journal import Clock, Journal
from chaos.plan import Chapter, Least, chapters
from chaos.products import make_products
from chaos.progress import CountingJournal, Progress
from chaos.sampling.sampler import Sampler
from chaos.schedule import Schedule
from chaos.shapes import documents
from chaos.shop import ShopUnderTest
from chaos.workload.crowd import Crowd
from chaos.workload.probe import Probe
from chaos.workload.stage import Stage
from stack.errors import StackError
from stack.places import REPOSITORY
from stack.stack import Database

PACE = 0.05  # seconds that each client rests, on average
LONGEST = 2  # times as long as was wanted, where a slow machine has not made enough of it by then
MORE = 10.0  # seconds at a time
TOKENS_OUTLIVE = 3600  # seconds, the run


@dataclass(frozen=True)
class Wanted:
    """
    What is to be run.

    :param seconds: how long faults may strike; starting and the quiet at the end come on top.
    :param folder: where the history and everything else goes.
    :param often: kinds of faults that strike ten times as often as others.
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


def run(wanted: Wanted) -> Path:
    """
    This function will let a shop live through all of it, and return the history.

    :raises StackError: if the shop does not start, a part of it does not come back, the audit finds something, or
        less has happened than was wanted.
    """
    documents()  # read once, before many threads want to know them
    wanted.folder.mkdir(parents=True, exist_ok=True)
    # An earlier run's must not pass for this one's.
    history, data = wanted.folder / "history.jsonl", wanted.folder / "shop"
    history.unlink(missing_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    with ExitStack() as opened:
        shop = opened.enter_context(ShopUnderTest(data=data, database=wanted.database))
        products = make_products(shop)
        journal = opened.enter_context(CountingJournal(history, Clock()))
        now = journal.now()
        journal.write(
            Start(
                at=now.at,
                wall=now.wall,
                seed=wanted.seed,
                commit=commit(),
                database=wanted.database,
                command=wanted.command,
                mutant=wanted.mutant,
                products=products,
            )
        )
        stage = Stage(
            journal=journal,
            port=shop.port,
            keys=shop.keys,
            products=products[:-1],
            seed=wanted.seed,
            pace=PACE,
            token_seconds=int(wanted.seconds) + TOKENS_OUTLIVE,
        )
        sampler = opened.enter_context(Sampler(shop, journal))
        opened.enter_context(Progress(journal))
        crowd = opened.enter_context(Crowd(stage))
        probe = opened.enter_context(Probe(stage, products[-1]))
        director = Director(
            shop,
            stage,
            crowd=crowd,
            probe=probe,
            sampler=sampler,
            schedule=Schedule(wanted.seed, database=wanted.database, often=wanted.often),
        )
        crowd.resume()
        for chapter in chapters(wanted.seconds):
            director.play(chapter)
        until = wanted.seconds
        while not journal.has(wanted.least) and until < LONGEST * wanted.seconds:
            until += MORE
            director.play(Chapter("storms", until))
        director.end()
        audit(shop, journal)
        now = journal.now()
        journal.write(End(at=now.at, wall=now.wall))
        if not journal.has(wanted.least):
            raise StackError(f"That was too little to say anything; at least {wanted.least} was asked for.")
    return history


def audit(shop: ShopUnderTest, journal: Journal) -> None:
    """
    Have order_service compare its orders with the reservations, and write down what it says.

    :raises StackError: if it finds anything.
    """
    said = shop.order_service.run("audit_reservations").strip()
    now = journal.now()
    journal.write(Note(at=now.at, wall=now.wall, text=f"audit_reservations: {said}"))


def commit() -> str:
    """The repository's commit, with "+" if the tree has changes; "" where there is no repository."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)  # noqa: S607 - whichever git there is
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
