"""The crash matrix: every step of the protocol, killed or frozen, with clients that repeat their request or do not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crashes.environment import Action, Fault
from crashes.operations import OPERATIONS
from stack.stack import Database

End = Literal["done", "undone", "as answered"]
Client = Literal["repeats", "silent"]

# How each operation ends when its client sends no second request: after a kill, and after a freeze of longer than the
# abort age. Where product_service stops, order_service may repeat its call in time, so that its answer decides.
STEPS: Mapping[str, Mapping[str, tuple[End, End]]] = {
    "place": {
        "before begin": ("undone", "undone"),
        "after begin": ("undone", "undone"),
        "after the call": ("undone", "undone"),
        "after confirm": ("done", "done"),
        "before settling": ("as answered", "as answered"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "place too many": {
        "after the call": ("undone", "undone"),
        "after confirm": ("done", "done"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "cancel": {
        "before the change is recorded": ("undone", "done"),
        "after the change is recorded": ("done", "done"),
        "before the commit": ("done", "done"),
        "after the commit": ("done", "done"),
    },
    "decrease": {
        "before the change is recorded": ("undone", "done"),
        "after the change is recorded": ("done", "done"),
        "before the commit": ("done", "done"),
        "after the commit": ("done", "done"),
    },
    "increase": {
        "before the increase begins": ("undone", "undone"),
        "after the increase begins": ("undone", "undone"),
        "after the call for more": ("undone", "undone"),
        "after the increase is recorded": ("done", "done"),
        "before settling": ("as answered", "as answered"),
        "before the commit": ("as answered", "as answered"),
        "after the commit": ("as answered", "as answered"),
    },
    "increase too much": {
        "before the increase is dropped": ("undone", "undone"),
        "after the increase is dropped": ("undone", "undone"),
        "after the commit": ("as answered", "as answered"),
    },
}
# What the reconciler finds: a release to push, or something that an order_service which died left undecided.
LEFT_OVERS: Mapping[str, tuple[str, Fault | None]] = {
    "a cancel": ("cancel", None),
    "a decrease": ("decrease", None),
    "an abandoned placement": ("place", Fault("after the call", "kill")),
    "an abandoned increase": ("increase", Fault("after the call for more", "kill")),
}
RECONCILING = ("before the claim", "after the claim", "after the push", "after the record")
ACTIONS: Sequence[Action] = ("kill", "freeze")
CLIENTS: Sequence[Client] = ("repeats", "silent")
DATABASES: Sequence[Database] = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Cell:
    """One scenario: the request, which process stops where and how, and what the client does about it."""

    operation: str
    fault: Fault
    client: Client
    database: Database
    end: End
    left_over: str = ""  # what the reconciler works on, where it is the one that stops
    first_fault: Fault | None = None  # what made it a left-over

    def __str__(self) -> str:
        what = f"reconciling {self.left_over}" if self.left_over else f"{self.operation}, client {self.client}"
        return f"{what}: {self.fault.action} {self.fault.point} ({self.database})"

    @property
    def locks_are_kept(self) -> bool:
        """Whether the frozen process holds locks in the database, so that no other can write before it continues."""
        return (self.fault.point, self.fault.action) == ("before the commit", "freeze")

    @property
    def leaves_a_reservation(self) -> bool:
        """Whether product_service gets a message about the order in any case, at the latest from the reconciler."""
        return self.fault.point != "before begin" or self.client == "repeats"

    def allowed_ends(self, status: int | None) -> list[list[int]]:
        """
        Return the quantities that live orders may have in the end.

        :param status: of the last answer that the client got.
        """
        operation = OPERATIONS[self.operation]
        if status == operation.success:
            return [operation.done]
        if self.end == "as answered":  # no answer, or a 503 that says it was not done
            return [operation.undone] if status else [operation.undone, operation.done]
        return [operation.done if self.end == "done" else operation.undone]


# One statement, which PostgreSQL ends even if the process that sent it dies: the point does not exist.
NO_SUCH_POINT = ("postgresql", "place", "before the commit")


def cells() -> Iterator[Cell]:
    """Yield the whole matrix."""
    for database in DATABASES:
        for operation, steps in STEPS.items():
            for point, ends in steps.items():
                if (database, operation, point) == NO_SUCH_POINT:
                    continue
                for action, end in zip(ACTIONS, ends, strict=True):
                    for client in CLIENTS:
                        yield Cell(operation, Fault(point, action), client, database, end)
        for left_over, (operation, first_fault) in LEFT_OVERS.items():
            result: End = "undone" if first_fault else "done"
            for point in RECONCILING:
                for action in ACTIONS:
                    yield Cell(operation, Fault(point, action), "silent", database, result, left_over, first_fault)
