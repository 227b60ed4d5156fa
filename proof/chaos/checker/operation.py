"""One request of the workload, and the time in which it may have taken effect."""

import math
from dataclasses import dataclass

from chaos.history import Entry, Fail, Info, Invoke, Ok, Reply
from chaos.seen import Answer, OrderShown

SAVED_REFUSALS = frozenset({"insufficient-stock", "product-not-found"})  # what a key stores besides an order


@dataclass(slots=True, eq=False)
class Operation:
    invoke: Invoke
    reply: Reply | None = None

    @property
    def began(self) -> float:
        return self.invoke.at

    @property
    def returned(self) -> float:
        """When its client got the answer or gave up; infinite if it is still waiting."""
        return math.inf if self.reply is None else self.reply.at

    @property
    def settled(self) -> float:
        """The latest time at which it took effect, if it did; infinite if it may still do so."""
        return math.inf if self.may_still_take_effect else self.returned

    @property
    def is_ok(self) -> bool:
        return isinstance(self.reply, Ok)

    @property
    def is_without_effect(self) -> bool:
        return isinstance(self.reply, Fail) or (isinstance(self.reply, Info) and self.reply.unsent)

    @property
    def may_still_take_effect(self) -> bool:
        return not self.is_ok and not self.is_without_effect

    @property
    def answer(self) -> Answer | None:
        return None if self.reply is None else self.reply.answer

    @property
    def problem(self) -> str | None:
        return self.reply.answer.problem if self.reply is not None and self.reply.answer is not None else None

    @property
    def shown(self) -> OrderShown | None:
        """The order that a successful request for one order was answered with."""
        answer = self.answer
        return answer.orders[0] if self.is_ok and answer and answer.orders else None

    @property
    def order_id(self) -> int | None:
        if self.invoke.kind == "place":
            return self.shown.id if self.shown else None
        return self.invoke.order_id

    @property
    def entries(self) -> list[Entry]:
        return [self.invoke] if self.reply is None else [self.invoke, self.reply]

    def overlaps(self, begin: float, end: float) -> bool:
        return self.began <= end and begin <= self.returned
