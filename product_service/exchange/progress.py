"""Progress of a long command: a bar on a terminal, a line every ten seconds elsewhere."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self, TextIO

from tqdm import tqdm

INTERVAL = 10.0  # seconds between two lines
BAR = "{percentage:3.0f}%|{bar}| {desc} [{elapsed}, {remaining} left]"
NO_BAR = "{desc} [{elapsed}]"


def duration(seconds: float) -> str:
    """Format a duration for people: 8.5 s, 12 s, 4 min 10 s, 2 h 5 min."""
    if seconds < 10:  # noqa: PLR2004 - where a tenth of a second stops to matter
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


class Progress:
    """Rows, their rate, and the time that is left at the pace so far."""

    def __init__(
        self,
        stream: TextIO,
        *,
        total: int | None,
        done: int = 0,
        rows: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Begin.

        :param total: 100 %, in any unit; None if unknown.
        :param done: the part that an earlier run did, which reached this many rows.
        """
        self.stream = stream
        self.total = total
        self.before = (done, rows)
        self.clock = clock
        self.began = self.shown_at = clock()
        self.bar: tqdm[NoReturn] | None = None
        if stream.isatty():
            form = BAR if total else NO_BAR
            self.bar = tqdm(total=total, initial=done, file=stream, bar_format=form, smoothing=0.05, dynamic_ncols=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()

    def show(self, done: int, *, rows: int, rejected: int = 0) -> None:
        """Show how much is done of the total, and how many rows."""
        elapsed = self.clock() - self.began
        words = f"{rows:,} rows, {(rows - self.before[1]) / (elapsed or 1):,.0f}/s"
        if rejected:
            words += f", {rejected:,} rejected"
        if self.bar is not None:
            self.bar.set_description_str(words, refresh=False)
            self.bar.update(done - self.bar.n)
        elif self.clock() - self.shown_at >= INTERVAL:
            self.shown_at = self.clock()
            self.stream.write(f"{self._share(done)}{words}{self._left(done, elapsed)}\n")
            self.stream.flush()

    def _share(self, done: int) -> str:
        return f"{done / self.total:.0%}, " if self.total else ""

    def _left(self, done: int, elapsed: float) -> str:
        pace = (done - self.before[0]) / (elapsed or 1)
        return f", {duration((self.total - done) / pace)} left" if self.total and pace else ""
