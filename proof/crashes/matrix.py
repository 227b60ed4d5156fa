"""The crash matrix: every step of the protocol, on either side, killed or frozen, the client repeating or silent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crashes.operations import OPERATIONS
from crashes.world import Action, Fault
from stack.stack import Database

End = Literal["done", "undone", "as answered"]
Client = Literal["repeats", "silent"]

# How each operation ends when its client never asks again: after a kill, and after a freeze of longer than the abort
# age. Where product_service stops short, order_service may ask again in time, so that the answer decides.
STEPS: Mapping[str, Mapping[str, tuple[End, End]]] = {
    "placing": {
        "before T1": ("undone", "undone"),
        "after T1": ("undone", "undone"),
        "after the call": ("undone", "undone"),
        "after T3": ("done", "done"),
        "before settling": ("as answered", "as answered"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "placing too many": {
        "after the call": ("undone", "undone"),
        "after T3": ("done", "done"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "canceling": {
        "before less is promised": ("undone", "done"),
        "after less is promised": ("done", "done"),
        "before the commit": ("done", "done"),
        "after the commit": ("done", "done"),
    },
    "decreasing": {
        "before less is promised": ("undone", "done"),
        "after less is promised": ("done", "done"),
        "before the commit": ("done", "done"),
        "after the commit": ("done", "done"),
    },
    "increasing": {
        "before the wish": ("undone", "undone"),
        "after the wish": ("undone", "undone"),
        "after more was asked": ("undone", "undone"),
        "after more is promised": ("done", "done"),
        "before settling": ("as answered", "as answered"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "increasing too much": {
        "before the wish is dropped": ("undone", "undone"),
        "after the wish is dropped": ("undone", "undone"),
        "after the commit": ("as answered", "as answered"),
    },
}
# What the reconciler finds: a release to push, or something that an order_service which died left in doubt.
LEFT_OVERS: Mapping[str, tuple[str, Fault | None]] = {
    "a cancel": ("canceling", None),
    "a decrease": ("decreasing", None),
    "an abandoned placing": ("placing", Fault("after the call", "kill")),
    "an abandoned increase": ("increasing", Fault("after more was asked", "kill")),
}
RECONCILING = ("before the claim", "after the claim", "after the push", "after the record")
ACTIONS: Sequence[Action] = ("kill", "freeze")
CLIENTS: Sequence[Client] = ("repeats", "silent")
DATABASES: Sequence[Database] = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Cell:
    """One story: what is asked, where which process stops short and how, and what the client does about it."""

    operation: str
    fault: Fault
    client: Client
    database: Database
    end: End
    left_over: str = ""  # what the reconciler works on, where it is the one that stops short
    first_fault: Fault | None = None  # what made it a left-over

    def __str__(self) -> str:
        what = f"reconciling {self.left_over}" if self.left_over else f"{self.operation}, client {self.client}"
        return f"{what}: {self.fault.action} {self.fault.point} ({self.database})"

    @property
    def locks_are_kept(self) -> bool:
        """Whether what is frozen holds the database's locks, so that nobody can write before it goes on."""
        return (self.fault.point, self.fault.action) == ("before the commit", "freeze")

    @property
    def leaves_a_reservation(self) -> bool:
        """Whether product_service hears of the order in any case, at the latest from the reconciler."""
        return self.fault.point != "before T1" or self.client == "repeats"

    def allowed_ends(self, status: int | None) -> list[list[int]]:
        """
        What live orders may be promised in the end.

        :param status: of the last answer that the client got.
        """
        operation = OPERATIONS[self.operation]
        if status == operation.success:
            return [operation.done]
        if self.end == "as answered":  # no answer, or a 503 that says it was not done
            return [operation.undone] if status else [operation.undone, operation.done]
        return [operation.done if self.end == "done" else operation.undone]


# One statement, which PostgreSQL ends whatever becomes of the process that has sent it: there is no such instant.
NO_SUCH_INSTANT = ("postgresql", "placing", "before the commit")


def cells() -> Iterator[Cell]:
    """Yield the whole matrix."""
    for database in DATABASES:
        for operation, steps in STEPS.items():
            for point, ends in steps.items():
                if (database, operation, point) == NO_SUCH_INSTANT:
                    continue
                for action, end in zip(ACTIONS, ends, strict=True):
                    for client in CLIENTS:
                        yield Cell(operation, Fault(point, action), client, database, end)
        for left_over, (operation, first_fault) in LEFT_OVERS.items():
            result: End = "undone" if first_fault else "done"
            for point in RECONCILING:
                for action in ACTIONS:
                    yield Cell(operation, Fault(point, action), "silent", database, result, left_over, first_fault)
