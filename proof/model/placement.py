"""Placing orders: begin, call, confirm; with a key, by one request or a group commit of several."""

from collections.abc import Iterator
from dataclasses import dataclass

from model import order_rows
from model.roles import record, send
from model.simplifications import Simplified
from model.states import Actor, Item, Move, Order, Outcome, Phase, Placement, State


@dataclass(frozen=True, slots=True)
class PlacementRequest:
    """One client's POST, and each repetition of it."""

    key: str
    quantity: int = 1
    product: int = 0


@dataclass(frozen=True, slots=True)
class Placing:
    """
    A process that places orders. Several requests are one group of the group commit.

    Two equal ones are a client and its retry: they may run one after the other or at once, in any interleaving.
    A repetition that comes early is answered 409 idempotency-in-progress, which changes nothing; one that finds the
    first one stuck resumes it. The model has no clock, so it may resume at any moment.
    """

    requests: tuple[PlacementRequest, ...]
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if actor.step == Phase.IDLE:
            yield self.start(state, me, simplified)
        elif actor.step == Phase.RECORDED:
            yield Move("sends the call", send(state, me, actor._replace(step=Phase.CALLED)))
        elif actor.step == Phase.CALLED and actor.inbox:
            yield Move("records the reply, and answers", self.conclude(state, me, simplified))
        elif actor.step == Phase.CALLED:
            yield Move("has no answer in time: aborts, and answers", self.abort(state, me, simplified))

    def start(self, state: State, me: int, simplified: Simplified) -> Move:
        """Insert what is new, resume what is stuck, and replay the answer of what is decided."""
        rows = []
        known = len(state.orders)
        for request in self.requests:
            row = None if simplified.no_idempotency_key else state.find(request.key)
            if row is None:
                row = len(state.orders)
                order = Order(request.key, request.product, request.quantity)
                state = state._replace(orders=(*state.orders, order), reservations=(*state.reservations, None))
            rows.append(row)

        call = tuple(first_item(state, row) for row in rows if state.order(row).placement == Placement.PLACING)
        if not call:
            return Move("repeats a key and is answered from the row", answer(state, me, tuple(rows)))
        what = "resumes a stuck attempt" if len(state.orders) == known else "commits placing, revision 1"
        return Move(what, record(state, me, Actor(rows=tuple(rows), call=call)))

    def conclude(self, state: State, me: int, simplified: Simplified) -> State:
        """Record the reply to each item of the group, in one transaction."""
        actor = state.actors[me]
        for item, reply in zip(actor.call, actor.inbox, strict=True):
            order = state.order(item.row)
            after = order_rows.record_outcome(order, item=item, reply=reply)
            if simplified.unconditional_confirm and after is None:
                after = order._replace(placement=Placement.LIVE, saved_answer=f"201 quantity {order.quantity}")
            if after is not None:
                state = state.with_order(item.row, after)
        return answer(state, me, actor.rows)

    def abort(self, state: State, me: int, simplified: Simplified) -> State:
        """Abort: this attempt will never become an order."""
        actor = state.actors[me]
        for item in actor.call:
            order = state.order(item.row)
            after = order_rows.abort(order, revision=item.revision)
            if simplified.unconditional_confirm:
                after = order._replace(placement=Placement.ABORTED, revision=order.revision + 1)
            if simplified.unknown_is_refused:
                after = order_rows.reject(order, revision=item.revision, outcome=Outcome.INSUFFICIENT)
            if after is not None:
                state = state.with_order(item.row, after)
        return answer(state, me, actor.rows)


def first_item(state: State, row: int) -> Item:
    order = state.order(row)
    return Item(row, order.product, order.quantity, revision=1)


def answer(state: State, me: int, rows: tuple[int, ...]) -> State:
    """Answer each request from its row, whichever process decided it."""
    answers = tuple(order_rows.answer_of(state.order(row)) for row in rows)
    return state.with_actor(me, Actor(Phase.DONE, rows=rows, answers=answers))
