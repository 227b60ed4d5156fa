"""One request of the workload: from when it could have had an effect, to when it surely had, or had not."""

import math
from dataclasses import dataclass

from chaos.history import Answer, Entry, Fail, Info, Invoke, Ok, OrderShown, Reply

SAVED_REFUSALS = frozenset({"insufficient-stock", "product-not-found"})  # what a key remembers beside an order


@dataclass(slots=True, eq=False)
class Operation:
    invoke: Invoke
    reply: Reply | None = None

    @property
    def began(self) -> float:
        return self.invoke.at

    @property
    def returned(self) -> float:
        """When its client knew all that it ever will; infinite if it waits still."""
        return math.inf if self.reply is None else self.reply.at

    @property
    def settled(self) -> float:
        """When its effect, if it has one, was surely there; infinite if it may come yet."""
        return math.inf if self.may_come_yet else self.returned

    @property
    def is_ok(self) -> bool:
        return isinstance(self.reply, Ok)

    @property
    def is_without_effect(self) -> bool:
        return isinstance(self.reply, Fail) or (isinstance(self.reply, Info) and self.reply.unsent)

    @property
    def may_come_yet(self) -> bool:
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
