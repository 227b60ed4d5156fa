"""How far an import is: a bar for a person at a terminal, a line now and then for a log."""

from io import StringIO

import pytest

from exchange.progress import Progress, duration


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("total", "parts"),
    [(1000, [" 50%|", "4,000 rows, 2,000/s, 3 rejected", "left]"]), (None, ["4,000 rows, 2,000/s, 3 rejected"])],
    ids=["with a bar", "without one where nobody knows the end"],
)
def test_a_terminal_shows_rows_rate_and_remaining_time(total: int | None, parts: list[str]) -> None:
    clock, terminal = Clock(), Terminal()

    with Progress(terminal, total=total, clock=clock) as progress:
        clock.now += 2
        progress.show(500, rows=4000, rejected=3)
        progress.bar.refresh()  # which is otherwise done ten times a second

    shown = terminal.getvalue().split("\r")[-1]
    assert [part for part in parts if part not in shown] == []
    assert ("%" in shown) is (total is not None)


def test_elsewhere_there_is_a_line_every_ten_seconds() -> None:
    clock, log = Clock(), StringIO()

    with Progress(log, total=1000, clock=clock) as progress:
        for done in range(100, 1100, 100):
            clock.now += 3
            progress.show(done, rows=done * 10)

    assert log.getvalue() == "40%, 4,000 rows, 333/s, 18 s left\n80%, 8,000 rows, 333/s, 6.0 s left\n"


def test_what_an_earlier_run_did_counts_as_done_but_not_for_the_pace() -> None:
    clock, log = Clock(), StringIO()

    with Progress(log, total=1000, done=800, rows=8000, clock=clock) as progress:
        clock.now += 10
        progress.show(900, rows=9000)

    assert log.getvalue() == "90%, 9,000 rows, 100/s, 10 s left\n"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (8.54, "8.5 s"), (12.4, "12 s"), (250, "4 min 10 s"), (7500, "2 h 5 min")]
)
def test_times_are_written_as_people_would(seconds: float, text: str) -> None:
    assert duration(seconds) == text
