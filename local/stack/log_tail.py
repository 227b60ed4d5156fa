"""The logs of a stack's parts, as they grow."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack.part import Part


@dataclass
class LogTail:
    """What parts write from now on, line by line."""

    parts: Sequence[Part]
    _positions: dict[Path, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._positions = {part.log: part.log.stat().st_size for part in self.parts}

    def new_lines(self) -> Iterator[str]:
        """Yield the lines that are complete since the last call, each after the name of its part."""
        for part in self.parts:
            if not part.log.exists():  # somebody has removed the data
                continue
            with part.log.open("rb") as log:
                if self._positions[part.log] > log.seek(0, os.SEEK_END):  # somebody has emptied it
                    self._positions[part.log] = 0
                log.seek(self._positions[part.log])
                complete = log.read().rpartition(b"\n")[0]
            if complete:
                self._positions[part.log] += len(complete) + 1
                yield from (f"{part.name} | {line}" for line in complete.decode(errors="replace").split("\n"))
