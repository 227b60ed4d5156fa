"""What a mutant is: exact replacements in a service's source."""

from dataclasses import dataclass

from chaos.history import FaultKind

ORDERS = "order_service"
PRODUCTS = "product_service"


class MutantMovedError(Exception):
    """The source of a mutant has changed, and its edits must follow."""


@dataclass(frozen=True)
class Edit:
    """
    One replacement in one file.

    :param file: its path in the repository.
    :param old: the text to replace, which the file has exactly once.
    """

    file: str
    old: str
    new: str

    def apply(self, text: str) -> str:
        """:raises MutantMovedError: unless the file has the old text exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise MutantMovedError(f"{self.file} has {found} times, instead of once:\n{self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutant:
    """
    One mistake in the protocol.

    :param breaks: the invariants that it violates: a run finds it by any of them. The control has none.
    :param seconds: how long faults are injected; with half as long, the outage comes in half the time.
    :param often: the kinds of faults that expose it, to be injected more often than others.
    """

    name: str
    mistake: str
    edits: tuple[Edit, ...]
    breaks: frozenset[str]
    seconds: int = 80
    seed: int = 1
    often: tuple[FaultKind, ...] = ()
