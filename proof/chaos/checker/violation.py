"""A broken invariant, with the smallest piece of history that shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chaos.checker.formatting import format_entry
from chaos.checker.operation import Operation
from chaos.checker.run import Fault, Phase, Run
from chaos.history import Entry

LONGEST = 60  # lines of a piece


@dataclass(frozen=True)
class Violation:
    invariant: str  # its name in docs/reliability.md
    message: str
    at: float  # seconds since the run began
    piece: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"VIOLATION {self.invariant} at {self.at:.3f} s: {self.message}", *self.piece])


def violation(
    run: Run,
    invariant: str,
    message: str,
    *,
    evidence: Iterable[Entry],
    related: Iterable[Operation | Fault | Phase] = (),
    about: tuple[int | None, int | None] = (None, None),
) -> Violation:
    """
    Return a violation. Its piece of history is the evidence (marked), related operations, and the faults at that time.

    :param related: operations and spans that may explain it; those nearest to the evidence are kept.
    :param about: the order and the product whose rows are shown of a sample.
    """
    marked = list({id(entry): entry for entry in evidence}.values())
    begin, end = min(entry.at for entry in marked), max(entry.at for entry in marked)
    others = {id(entry): entry for part in related for entry in part.entries}
    others |= {id(entry): entry for fault in run.faults_during(begin - 1, end + 1) for entry in fault.entries}
    nearest = sorted(
        (entry for entry in others.values() if entry not in marked),
        key=lambda entry: max(begin - entry.at, entry.at - end, 0),
    )
    free = max(0, LONGEST - len(marked))
    shown = sorted(
        [*((entry, True) for entry in marked[:LONGEST]), *((entry, False) for entry in nearest[:free])],
        key=lambda one: one[0].at,
    )
    lines = [f"{'>' if is_evidence else ' '} {format_entry(entry, *about)}" for entry, is_evidence in shown]
    left_out = len(marked) + len(nearest) - len(shown)
    return Violation(invariant, message, end, (*lines, *([f"  ({left_out} more lines left out)"] if left_out else [])))


def entries_of(operations: Iterable[Operation]) -> Iterator[Entry]:
    for operation in operations:
        yield from operation.entries
