"""The progress of a run, printed while it runs."""

import sys
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from chaos.history import Entry, Fail, FaultBegin, Info, Invoke, Ok, OrdersSeen, PhaseBegin, PhaseEnd
from chaos.journal import Clock, Journal
from chaos.plan import Least

EVERY_AT_A_TERMINAL = 1.0  # seconds
EVERY = 10.0


class CountingJournal(Journal):
    """A journal that counts its lines by type."""

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path, clock)
        self.counts: Counter[type] = Counter()
        self.faults: Counter[str] = Counter()
        self.doing = "starting"
        self.undecided = 0

    def write(self, entry: Entry) -> None:
        super().write(entry)
        self.counts[type(entry)] += 1
        match entry:
            case FaultBegin():
                self.faults[entry.kind] += 1
            case PhaseBegin():
                self.doing = " ".join(word for word in (entry.name, entry.target) if word)
            case PhaseEnd():
                self.doing = ""
            case OrdersSeen():
                self.undecided = entry.undecided
            case _:
                pass

    def has(self, least: Least) -> bool:
        """Whether the run has at least this much."""
        return (
            self.faults.total() >= least.faults
            and len(self.faults) >= least.kinds
            and self.counts[Invoke] >= least.operations
        )

    @property
    def line(self) -> str:
        """The progress in one line."""
        at = int(self.now().at)
        counts = self.counts
        return (
            f"{at // 60:3}:{at % 60:02}  {counts[Invoke]:7,} operations ({counts[Ok]:,} ok, {counts[Fail]:,} refused, "
            f"{counts[Info]:,} unknown)  {self.faults.total():5,} faults of {len(self.faults)} kinds  "
            f"{self.undecided:3} undecided  {self.doing}"
        )


class Progress:
    """Prints the progress in a thread: one line that is rewritten at a terminal, a line every ten seconds elsewhere."""

    def __init__(self, journal: CountingJournal) -> None:
        self._journal = journal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        is_terminal = sys.stdout.isatty()
        while not self._over.wait(EVERY_AT_A_TERMINAL if is_terminal else EVERY):
            self._print("\r\x1b[2K" if is_terminal else "", "" if is_terminal else "\n")
        self._print("\r\x1b[2K" if is_terminal else "", "\n")

    def _print(self, before: str, after: str) -> None:
        sys.stdout.write(f"{before}{self._journal.line}{after}")
        sys.stdout.flush()
