"""Which files were saved since the last look."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LEFT_OUT = {".venv", "__pycache__", "tests", "node_modules"}


@dataclass
class Watched:
    """
    Some files and folders, looked at on demand.

    The folders of this repository have a few hundred files: to read their times takes some milliseconds, works on every
    file system, mounted ones included, and needs no library.

    :param suffixes: which files of the folders count; all of them without.
    """

    places: Sequence[Path]
    suffixes: tuple[str, ...] = ("",)
    _times: dict[Path, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._times = dict(self._look())

    def saved(self) -> list[Path]:
        """Return the files that were changed, added or removed since the last call."""
        times = dict(self._look())
        before, self._times = self._times, times
        return sorted(path for path in before.keys() | times.keys() if before.get(path) != times.get(path))

    def _look(self) -> Iterator[tuple[Path, int]]:
        for path in self._files():
            try:
                yield path, path.stat().st_mtime_ns
            except FileNotFoundError:  # an editor replaces the file at this moment
                continue

    def _files(self) -> Iterable[Path]:
        for place in self.places:
            if place.is_file():
                yield place
            for folder, folders, names in os.walk(place):
                folders[:] = [name for name in folders if name not in LEFT_OUT and not name.startswith(".")]
                yield from (Path(folder, name) for name in names if name.endswith(self.suffixes))
