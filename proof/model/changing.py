"""The four changes of a live order: increase, decrease, cancel, ship. Each is addressed to the order of a key."""

from collections.abc import Iterator
from dataclasses import dataclass

from model import order_rows
from model.roles import only, record, send
from model.simplifications import Simplified
from model.states import CHANGED, NO_TARGET, NOT_CHANGED, Actor, Item, Move, Order, Outcome, Phase, State


@dataclass(frozen=True, slots=True)
class Increasing:
    """Take before you promise (R2)."""

    key: str
    to: int
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if actor.step == Phase.IDLE:
            yield from self.start(state, me, simplified)
        elif actor.step == Phase.RECORDED:
            yield Move("sends the call", send(state, me, actor._replace(step=Phase.CALLED)))
        elif actor.step == Phase.CALLED:
            what = "settles the increase by the reply" if actor.inbox else "has no answer in time: reverts the increase"
            yield Move(what, self.conclude(state, me, simplified))

    def start(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        row = state.find_live(self.key)
        after = None if row is None else order_rows.begin_increase(state.order(row), to=self.to)
        if row is None or after is None:
            return
        if simplified.promise_an_increase_first:
            after = after._replace(quantity=self.to)
        actor = Actor(rows=(row,), call=(Item(row, after.product, self.to, after.revision),))
        if simplified.an_increase_asks_under_a_borrowed_revision:
            after = after._replace(revision=after.revision - 1)
        yield Move(f"commits the target {self.to}", record(state.with_order(row, after), me, actor))

    def conclude(self, state: State, me: int, simplified: Simplified) -> State:
        """Finish, refuse or revert it; with 0 rows, the reconciler or a cancel was faster, and it did not happen."""
        actor = state.actors[me]
        item = actor.call[0]
        order = state.order(item.row)
        reply = only(actor.inbox) if actor.inbox else None
        if simplified.an_increase_asks_under_a_borrowed_revision:
            order = order._replace(revision=order.revision + 1)
        if reply is None:
            answer = NOT_CHANGED
            after = order_rows.revert_increase(order, revision=item.revision)
            if after and simplified.unknown_is_refused:
                after = after._replace(revision=item.revision, synced=item.revision)
        elif reply.outcome == Outcome.HELD:
            answer = CHANGED
            after = order_rows.finish_increase(order, revision=item.revision)
        elif reply.outcome in (Outcome.STALE, Outcome.CONFLICT):
            answer = NOT_CHANGED
            after = order_rows.revert_increase(order, revision=item.revision, above=reply.revision)
        else:
            answer = f"refused {reply.outcome}"
            after = order_rows.refuse_increase(order, revision=item.revision, reply=reply)
            if after and simplified.refused_push_is_synced:
                after = after._replace(revision=item.revision, synced=item.revision)
        if after is None:
            return finish(state, me, item.row, answer=NOT_CHANGED)
        return finish(state.with_order(item.row, after), me, item.row, answer=answer)


@dataclass(frozen=True, slots=True)
class Decreasing:
    """Un-promise before you give back (R3): one commit; the push is the reconciler's."""

    key: str
    to: int
    is_recovery: bool = False

    def change(self, order: Order) -> Order | None:
        return order_rows.decrease(order, to=self.to)

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        if simplified.ask_a_decrease_first:
            return give_back_first(self, state, me)
        return change_locally(self, state, me, what=f"commits the decrease to {self.to}")


@dataclass(frozen=True, slots=True)
class Canceling:
    """Un-promise before you give back (R3): one commit, even over an increase in flight."""

    key: str
    is_recovery: bool = False

    def change(self, order: Order) -> Order | None:
        return order_rows.cancel(order)

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        if simplified.release_before_recording_the_cancel:
            return give_back_first(self, state, me)
        return change_locally(self, state, me, what="commits the cancel")


@dataclass(frozen=True, slots=True)
class Shipping:
    """The clerk reads the order, packs that many, and records it: one local conditional update (R8)."""

    key: str
    is_recovery: bool = False

    def change(self, order: Order) -> Order | None:
        return order_rows.ship(order)

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        row = state.find_live(self.key)
        if simplified.ship_during_a_resize and row is not None and state.order(row).target:
            return self.ship_anyway(state, me, row)
        return change_locally(self, state, me, what="commits shipped")

    def ship_anyway(self, state: State, me: int, row: int) -> Iterator[Move]:
        order = state.order(row)
        shipped = order_rows.ship(order._replace(target=NO_TARGET))
        if state.actors[me].step == Phase.IDLE and shipped is not None:
            after = state.with_order(row, shipped._replace(target=order.target))
            yield Move("commits shipped during the increase", finish(after, me, row, answer=CHANGED))


LocalChange = Decreasing | Canceling | Shipping


def change_locally(role: LocalChange, state: State, me: int, *, what: str) -> Iterator[Move]:
    """Change the row by one conditional update and answer 200. If its condition does not hold, nothing happens."""
    row = state.find_live(role.key)
    if state.actors[me].step != Phase.IDLE or row is None:
        return
    after = role.change(state.order(row))
    if after is not None:
        yield Move(what, finish(state.with_order(row, after), me, row, answer=CHANGED))


def give_back_first(role: Decreasing | Canceling, state: State, me: int) -> Iterator[Move]:
    """The wrong way round: give the stock back, and record the change when that was acknowledged."""
    actor = state.actors[me]
    if actor.step == Phase.CALLED and actor.inbox:
        row = actor.call[0].row
        after = role.change(state.order(row))
        if after is not None:
            state = state.with_order(row, after._replace(synced=after.revision))
        yield Move("records the change after the fact", finish(state, me, row, answer=CHANGED))
    if actor.step == Phase.IDLE:
        found = state.find_live(role.key)
        after = None if found is None else role.change(state.order(found))
        if found is not None and after is not None:
            call = (Item(found, after.product, after.desired_quantity, after.revision),)
            yield Move("gives back before recording", send(state, me, Actor(Phase.CALLED, rows=(found,), call=call)))


def finish(state: State, me: int, row: int, *, answer: str) -> State:
    return state.with_actor(me, Actor(Phase.DONE, rows=(row,), answers=(answer,)))
