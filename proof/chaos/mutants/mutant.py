"""What a mutant is: exact replacements in a service's source."""

from dataclasses import dataclass

from chaos.history import FaultKind

ORDERS = "order_service"
PRODUCTS = "product_service"


class MutantMovedError(Exception):
    """The source has moved on, and the mutant has to follow it."""


@dataclass(frozen=True)
class Edit:
    """
    One replacement in one file.

    :param file: its path in the repository.
    :param old: what stands there exactly once.
    """

    file: str
    old: str
    new: str

    def apply(self, text: str) -> str:
        """:raises MutantMovedError: unless the old text stands there exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise MutantMovedError(f"{self.file} has {found} times, instead of once:\n{self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutant:
    """
    One way to get the protocol wrong.

    :param breaks: the invariants, any of which gives it away; none of the control, where each would be wrong.
    :param seconds: for how long faults may strike; with half as long, the outage comes in half the time.
    :param often: the kinds of faults that bring it to light, to strike more often than others.
    """

    name: str
    says: str
    edits: tuple[Edit, ...]
    breaks: frozenset[str]
    seconds: int = 80
    seed: int = 1
    often: tuple[FaultKind, ...] = ()
