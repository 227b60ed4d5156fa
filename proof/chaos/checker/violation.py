"""A broken invariant, with the smallest piece of history that shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chaos.checker.operation import Operation
from chaos.checker.run import Fault, Phase, Run
from chaos.checker.telling import tell
from chaos.history import Entry

LONGEST = 60  # lines of a piece


@dataclass(frozen=True)
class Violation:
    invariant: str  # its name in docs/reliability.md
    says: str
    at: float  # seconds since the run began
    piece: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"VIOLATION {self.invariant} at {self.at:.3f} s: {self.says}", *self.piece])


def violation(
    run: Run,
    invariant: str,
    says: str,
    *,
    culprits: Iterable[Entry],
    beside: Iterable[Operation | Fault | Phase] = (),
    about: tuple[int | None, int | None] = (None, None),
) -> Violation:
    """
    Return a violation whose piece is its culprits (marked), what else has to do with them, and the faults meanwhile.

    :param beside: operations and spans that may explain it; those nearest to the culprits are kept.
    :param about: the order and the product whose rows are shown of a sample.
    """
    guilty = list({id(entry): entry for entry in culprits}.values())
    begin, end = min(entry.at for entry in guilty), max(entry.at for entry in guilty)
    others = {id(entry): entry for part in beside for entry in part.entries}
    others |= {id(entry): entry for fault in run.faults_during(begin - 1, end + 1) for entry in fault.entries}
    nearest = sorted(
        (entry for entry in others.values() if entry not in guilty),
        key=lambda entry: max(begin - entry.at, entry.at - end, 0),
    )
    room = max(0, LONGEST - len(guilty))
    shown = sorted(
        [*((entry, True) for entry in guilty[:LONGEST]), *((entry, False) for entry in nearest[:room])],
        key=lambda one: one[0].at,
    )
    lines = [f"{'>' if culprit else ' '} {tell(entry, *about)}" for entry, culprit in shown]
    left_out = len(guilty) + len(nearest) - len(shown)
    return Violation(invariant, says, end, (*lines, *([f"  ({left_out} more lines left out)"] if left_out else [])))


def entries_of(operations: Iterable[Operation]) -> Iterator[Entry]:
    for operation in operations:
        yield from operation.entries
