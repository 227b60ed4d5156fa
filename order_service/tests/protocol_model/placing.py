"""Placing orders: T1, the call, T3; with a key, by one request or a group commit of several."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.protocol_model import order_rows
from tests.protocol_model.roles import record, send
from tests.protocol_model.simplifications import Simplified
from tests.protocol_model.states import (
    ABORTED,
    ASKED,
    DONE,
    IDLE,
    INSUFFICIENT,
    LIVE,
    PLACING,
    RECORDED,
    Actor,
    Item,
    Move,
    Order,
    State,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One client's POST, and each repetition of it."""

    key: str
    quantity: int = 1
    product: int = 0


@dataclass(frozen=True, slots=True)
class Placing:
    """
    A process that places what it was asked for; several wishes are one batch of the group commit.

    Two equal Placings are a client and its retry: they may run one after the other or at once, in any interleaving.
    A repetition that comes early is answered 409 idempotency-in-progress, which changes nothing; one that finds the
    first one stuck resumes it. The model has no clock, so it may resume at any moment.
    """

    wishes: tuple[Wish, ...]
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if actor.step == IDLE:
            yield self.start(state, me, simplified)
        elif actor.step == RECORDED:
            yield Move("sends the call", send(state, me, actor._replace(step=ASKED)))
        elif actor.step == ASKED and actor.inbox:
            yield Move("T3 by the reply, and answers", self.conclude(state, me, simplified))
        elif actor.step == ASKED:
            yield Move("has no answer in time: T3 unknown, and answers", self.give_up(state, me, simplified))

    def start(self, state: State, me: int, simplified: Simplified) -> Move:
        """Insert what is new, resume what is stuck, and only answer again what is settled already."""
        rows = []
        known = len(state.orders)
        for wish in self.wishes:
            row = None if simplified.no_idempotency_key else state.find(wish.key)
            if row is None:
                row = len(state.orders)
                order = Order(wish.key, wish.product, wish.quantity)
                state = state._replace(orders=(*state.orders, order), reservations=(*state.reservations, None))
            rows.append(row)

        call = tuple(first_item(state, row) for row in rows if state.order(row).placement == PLACING)
        if not call:
            return Move("repeats a key and is answered from the row", answer(state, me, tuple(rows)))
        what = "resumes a stuck attempt" if len(state.orders) == known else "T1: commits placing, revision 1"
        return Move(what, record(state, me, Actor(rows=tuple(rows), call=call)))

    def conclude(self, state: State, me: int, simplified: Simplified) -> State:
        """T3 for each item of the batch, in one transaction."""
        actor = state.actors[me]
        for asked, reply in zip(actor.call, actor.inbox, strict=True):
            order = state.order(asked.row)
            after = order_rows.settle_placing(order, asked=asked, reply=reply)
            if simplified.unconditional_t3 and after is None:
                after = order._replace(placement=LIVE, saved_answer=f"201 quantity {order.quantity}")
            if after is not None:
                state = state.with_order(asked.row, after)
        return answer(state, me, actor.rows)

    def give_up(self, state: State, me: int, simplified: Simplified) -> State:
        """T3 for an unknown outcome: this attempt will never become an order."""
        actor = state.actors[me]
        for asked in actor.call:
            order = state.order(asked.row)
            after = order_rows.abort(order, revision=asked.revision)
            if simplified.unconditional_t3:
                after = order._replace(placement=ABORTED, revision=order.revision + 1)
            if simplified.unknown_is_refused:
                after = order_rows.reject(order, revision=asked.revision, outcome=INSUFFICIENT)
            if after is not None:
                state = state.with_order(asked.row, after)
        return answer(state, me, actor.rows)


def first_item(state: State, row: int) -> Item:
    order = state.order(row)
    return Item(row, order.product, order.quantity, revision=1)


def answer(state: State, me: int, rows: tuple[int, ...]) -> State:
    """Answer each wish from its row, whoever decided it."""
    answers = tuple(order_rows.answer_of(state.order(row)) for row in rows)
    return state.with_actor(me, Actor(DONE, rows=rows, answers=answers))
