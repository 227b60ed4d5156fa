"""Progress of a long command: a bar on a terminal, a line every ten seconds elsewhere."""

import time
from collections.abc import Callable
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
        """Begin where an earlier run got to: `done` of the total, in any unit, and `rows`. Without a total: None."""
        self.before = (done, rows)
        self.clock = clock
        self.began = self.shown_at = clock()
        self.stream = stream
        self.bar: tqdm[NoReturn] = tqdm(
            total=total,
            initial=done,
            file=stream,
            bar_format=BAR if total else NO_BAR,
            smoothing=0.05,
            dynamic_ncols=True,
            disable=not stream.isatty(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.close()

    def show(self, done: int, *, rows: int, rejected: int = 0) -> None:
        """Show how much is done of the total, and how many rows."""
        elapsed = self.clock() - self.began
        words = f"{rows:,} rows, {(rows - self.before[1]) / (elapsed or 1):,.0f}/s"
        if rejected:
            words += f", {rejected:,} rejected"
        self.bar.set_description_str(words, refresh=False)
        self.bar.update(done - self.bar.n)
        if self.bar.disable and self.clock() - self.shown_at >= INTERVAL:
            self.shown_at = self.clock()
            self.stream.write(f"{self._share(done)}{words}{self._left(done, elapsed)}\n")
            self.stream.flush()

    def sum_up(self, rows: int) -> str:
        """Return how long this many rows have taken, and their rate."""
        seconds = self.clock() - self.began
        return f"in {duration(seconds)} ({rows / (seconds or 1):,.0f}/s)"

    def _share(self, done: int) -> str:
        return f"{done / self.bar.total:.0%}, " if self.bar.total else ""

    def _left(self, done: int, elapsed: float) -> str:
        pace = (done - self.before[0]) / (elapsed or 1)
        return f", {duration((self.bar.total - done) / pace)} left" if self.bar.total and pace else ""
