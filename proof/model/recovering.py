"""The reconciler, and the audit that is run after a database was restored."""

from collections.abc import Iterator
from dataclasses import dataclass

from model import order_rows
from model.roles import only, send
from model.simplifications import Simplified
from model.states import Actor, Item, Move, Outcome, Phase, Placement, Reservation, State


@dataclass(frozen=True, slots=True)
class Reconciling:
    """
    One instance of the reconciler.

    The abort age, the claim by `next_sync_at` and the back-off only save work. The model has no clock: a reconciler
    may take up any row at any moment, also one that a request or another instance is driving, and safety must hold.
    """

    is_recovery: bool = True

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if actor.step == Phase.CALLED:
            if actor.inbox:
                yield Move("records the push", self.conclude(state, me, simplified))
            return
        for row, order in enumerate(state.orders):
            if order is None or order.is_settled:
                continue
            if order.placement == Placement.PLACING:
                aborted = order_rows.abort(order, revision=order.revision)
                if aborted is not None:
                    yield Move(f"aborts row {row}", state.with_order(row, aborted))
            elif order.target:
                reverted = order_rows.revert_increase(order, revision=order.revision)
                if reverted is not None:
                    yield Move(f"reverts the increase of row {row}", state.with_order(row, reverted))
            else:
                call = (Item(row, order.product, order.desired_quantity, order.revision),)
                yield Move(f"pushes row {row}", send(state, me, Actor(Phase.CALLED, call=call)))

    def conclude(self, state: State, me: int, simplified: Simplified) -> State:
        actor = state.actors[me]
        pushed = actor.call[0]
        order = state.orders[pushed.row]
        if order is not None:
            after = order_rows.record_push(order, pushed=pushed, reply=only(actor.inbox))
            if simplified.a_conflict_is_no_sign_of_a_restore and only(actor.inbox).outcome == Outcome.CONFLICT:
                after = None
            if after is not None and simplified.refused_push_is_synced:
                after = order._replace(synced=pushed.revision)
            if after is not None:
                state = state.with_order(pushed.row, after)
        return state.with_actor(me, Actor(Phase.IDLE))


@dataclass(frozen=True, slots=True)
class Auditing:
    """
    `audit_reservations --repair`, once a database was restored.

    It reads a reservation first and its row afterwards: R1 (row before call) then makes a reservation without a row a
    sure sign of a lost row, never one that is about to be placed. It compares revisions too: a reservation of the right
    quantity and an older revision would let a late call through.
    """

    is_recovery: bool = True

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if not state.restored:
            return
        if actor.step == Phase.READ:
            yield self.compare(state, me, actor)
        elif actor.step == Phase.CALLED:
            if actor.inbox:
                yield Move("has released an orphan", state.with_actor(me, Actor(Phase.IDLE)))
        else:
            for row in drifting_rows(state, quantities_only=simplified.an_audit_compares_quantities_only):
                held = state.reservations[row] or Reservation(0)
                seen = Actor(Phase.READ, call=(Item(row, held.product, held.quantity, held.revision),))
                yield Move(f"reads reservation {row}", state.with_actor(me, seen))

    def compare(self, state: State, me: int, actor: Actor) -> Move:
        held = actor.call[0]
        order = state.orders[held.row]
        if order is None:
            call = (held._replace(quantity=0, revision=held.revision + 1),)
            return Move(f"releases orphan {held.row}", send(state, me, Actor(Phase.CALLED, call=call)))
        distrusted = order_rows.distrust(order)
        if distrusted is None or (held.quantity, held.revision) == (order.desired_quantity, order.synced):
            return Move("finds no drift", state.with_actor(me, Actor(Phase.IDLE)))
        return Move(
            f"marks row {held.row} for a push", state.with_order(held.row, distrusted).with_actor(me, Actor(Phase.IDLE))
        )


def drifting_rows(state: State, *, quantities_only: bool = False) -> list[int]:
    """Return the places where the two databases disagree although the row claims that they agree."""
    drifting = []
    for row, order in enumerate(state.orders):
        held = state.reservations[row] or Reservation(0)
        if order is None:
            if held.quantity:
                drifting.append(row)
        elif order.is_settled:
            is_other = held.revision != order.synced and not quantities_only
            if is_other or held.quantity != order.desired_quantity:
                drifting.append(row)
    return drifting
