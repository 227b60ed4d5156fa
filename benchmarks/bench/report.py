"""The report: the headlines between two marks of docs/performance.md, its picture, and the appendix of CSV files."""

from collections.abc import Iterator, Mapping
from typing import Any

from stack.errors import StackError
from stack.places import REPOSITORY

from bench.appendix import write_appendix
from bench.chart import draw
from bench.comparison import Comparison
from bench.goals import HEADLINES, headlines
from bench.machine import IDLE
from bench.plan import ALL
from bench.results import recall
from bench.tables import Table, figures, table

PAGE = REPOSITORY / "docs" / "performance.md"
PICTURE = REPOSITORY / "docs" / "performance.png"
APPENDIX = REPOSITORY / "docs" / "figures" / "performance"
BEGIN, END = "<!-- measured: written by `make bench` -->", "<!-- end of what was measured -->"
SHOWN = ("per second", "p99 ms", "flushes", "ms of processor time")


def write_report() -> list[str]:
    """
    Write what was measured last, and return the names of the files.

    :raises StackError: if the page has lost its marks, or orders were never measured.
    """
    found = recall("orders")
    if found is None:
        raise StackError("Nothing was measured yet: make bench")
    page = PAGE.read_text()
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise StackError(f"{PAGE} needs the lines {BEGIN} and {END}.")
    PAGE.write_text("\n\n".join([before + BEGIN, *_sections(found), END + after]))
    draw(Comparison.read(found), PICTURE, caption=_caption(found["machine"]), is_idle=found["machine"]["idle"] == IDLE)
    return [str(path.relative_to(REPOSITORY)) for path in (PAGE, PICTURE, *write_appendix(APPENDIX))]


def _sections(found: Mapping[str, Any]) -> Iterator[str]:
    machine = found["machine"]
    if not_idle := [f"`{part}`: {idle}" for part, idle in _idle() if idle != IDLE]:
        yield f"> [!CAUTION]\n> **The machine was not idle.** {'; '.join(not_idle)}."
    yield (
        f"Measured {machine['measured']} at commit `{machine['commit']}` by `make bench`. "
        f"Machine: {machine['machine']}. {machine['python']}.{''.join(_elsewhere(machine['commit']))}"
    )
    yield table(*headlines())
    yield "### 64 clients, a random product among 10,000"
    yield table(*_short(Comparison.read(found)))


def _idle() -> Iterator[tuple[str, str]]:
    """Whether the machine was idle while each part was measured."""
    for part in ALL:
        if (found := recall(part)) is not None:
            yield part, found["machine"]["idle"]


def _elsewhere(commit: str) -> Iterator[str]:
    """The parts of the page that were measured at another commit."""
    for part in HEADLINES:
        machine = (recall(part) or {}).get("machine")
        if machine and machine["commit"] != commit:
            yield f" `{part}`: {machine['measured']} at commit `{machine['commit']}`."


def _short(comparison: Comparison) -> Table:
    """The figures that a reader compares first; the appendix has all."""
    shown = figures(comparison)
    columns = [shown.head.index(name) for name in SHOWN]
    return Table(["", "orders/s", *SHOWN[1:]], [[row[0], *(row[column] for column in columns)] for row in shown.rows])


def _caption(machine: Mapping[str, str]) -> str:
    return f"{machine['machine']}; commit {machine['commit']}, {machine['measured']}"
