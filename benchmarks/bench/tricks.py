"""The departures from plain library use that have to show what they gain, each with the patch that undoes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from stack.errors import StackError

from bench.load import BENCHMARKS

FOLDER = BENCHMARKS / "tricks"
JUDGED_BY = ("orders", "start")


@dataclass(frozen=True)
class Trick:
    """
    One departure, and the patch that undoes it, or adds it.

    :param title: what is done, and where.
    :param instead: what the patch puts in its place.
    :param judged_by: `orders`: orders/s at 64 clients and p50 of one client; `start`: time to the first order, memory.
    :param is_added: whether the patch adds the departure, which the shop does without.
    """

    name: str
    title: str
    instead: str
    judged_by: str
    patch: Path
    is_added: bool

    @classmethod
    def read(cls, patch: Path) -> Self:
        """
        Read the lines above the first difference, which `git apply` passes over.

        :raises StackError: if one of them is missing or says something else.
        """
        head = patch.read_text().partition("diff --git")[0]
        values = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        try:
            title, instead, judged_by = values["Trick"], values["Instead"], values["Judged by"]
        except KeyError as missing:
            raise StackError(f"{patch.name} has no line {missing}.") from missing
        if judged_by not in JUDGED_BY:
            raise StackError(f"{patch.name} is judged by {judged_by}, which is none of {', '.join(JUDGED_BY)}.")
        is_added = values.get("Patch") == "adds it"
        return cls(patch.stem, title=title, instead=instead, judged_by=judged_by, patch=patch, is_added=is_added)


def chosen_tricks(names: Iterable[str] = ()) -> list[Trick]:
    """
    Return the tricks with these names; all, if there are none.

    :raises StackError: if a name is not known.
    """
    known = {trick.name: trick for trick in map(Trick.read, sorted(FOLDER.glob("*.patch")))}
    wanted = list(names) or list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise StackError(f"There is no trick {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [known[name] for name in wanted]
