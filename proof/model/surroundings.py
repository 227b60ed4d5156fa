"""What else happens to stock and databases: catalogue edits, deliveries of goods, deleted rows, restored backups."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from model.simplifications import Simplified
from model.states import UNDER_WAY, Actor, Backup, Call, Move, Phase, State


@dataclass(frozen=True, slots=True)
class Editing:
    """A clerk loads a product's page, thinks, and saves another price. Stock is never written from a read (R9)."""

    product: int = 0
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor, product = state.actors[me], state.products[self.product]
        if actor.step == Phase.IDLE:
            yield Move("reads the product", state.with_actor(me, Actor(Phase.READ, seen=product.stock)))
        elif actor.step == Phase.READ:
            edited = product._replace(price=product.price + 1)
            if simplified.save_of_a_stale_product_row:
                edited = edited._replace(stock=actor.seen)
            yield Move("saves the product", state.with_product(self.product, edited).with_actor(me, Actor(Phase.DONE)))


@dataclass(frozen=True, slots=True)
class Adjusting:
    """A stock adjustment: a relative UPDATE and its ledger row, in one transaction."""

    delta: int
    product: int = 0
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        product = state.products[self.product]
        if state.actors[me].step == Phase.IDLE and product.stock + self.delta >= 0:
            adjusted = product._replace(stock=product.stock + self.delta, received=product.received + self.delta)
            yield Move(
                f"adjusts stock by {self.delta}",
                state.with_product(self.product, adjusted).with_actor(me, Actor(Phase.DONE)),
            )


@dataclass(frozen=True, slots=True)
class Deactivating:
    """A clerk takes a product off the shelf: nothing more is taken from it, and all may still be given back."""

    product: int = 0
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        if state.actors[me].step == Phase.IDLE:
            inactive = state.products[self.product]._replace(active=False)
            yield Move(
                "deactivates the product", state.with_product(self.product, inactive).with_actor(me, Actor(Phase.DONE))
            )


@dataclass(frozen=True, slots=True)
class Deleting:
    """
    product_service deletes a reservation that has held nothing for longer than the retention.

    The retention exceeds the lateness of any message: whoever drove the row has ended, and nothing that the deleted
    revision would have stopped is still on its way. A reconciler may push that revision again at any time.
    """

    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        for row, held in enumerate(state.reservations):
            if held is None or held.quantity:
                continue
            after = state._replace(reservations=(*state.reservations[:row], None, *state.reservations[row + 1 :]))
            if simplified.deletion_while_calls_are_late:
                yield Move(f"deletes reservation {row}", after)
            elif not any(row in actor.rows and actor.step in UNDER_WAY for actor in state.actors):
                in_time = (call for call in state.network if not is_stopped_by(call, row, held.revision))
                yield Move(f"deletes reservation {row}", after._replace(network=tuple(in_time)))


def is_stopped_by(call: Call, row: int, revision: int) -> bool:
    """Return whether a call asks for the row at this revision or an earlier one."""
    return any(item.row == row and item.revision <= revision for item in call)


@dataclass(frozen=True, slots=True)
class Restoring:
    """
    A backup of one service is taken at any moment, and put back at any later one.

    The processes of order_service are stopped for it. What was sent before is still on its way. A lost row's place
    stays empty, as its random id is never drawn again.
    """

    service: Literal["order_service", "product_service"]
    is_recovery: bool = False

    def moves(self, state: State, me: int, simplified: Simplified) -> Iterator[Move]:
        actor = state.actors[me]
        if actor.step == Phase.IDLE:
            backup = Backup(state.orders, state.products, state.reservations)
            yield Move("takes a backup", state._replace(backup=backup).with_actor(me, Actor(Phase.READ)))
        elif actor.step == Phase.READ and state.backup is not None:
            after = self.put_back(state, state.backup)
            yield Move("restores the backup", after.with_actor(me, Actor(Phase.DONE)))

    def put_back(self, state: State, backup: Backup) -> State:
        lost = (None,) * (len(state.orders) - len(backup.orders))
        state = state._replace(backup=None, restored=self.service)
        if self.service == "product_service":
            return state._replace(products=backup.products, reservations=(*backup.reservations, *lost))
        return state._replace(orders=(*backup.orders, *lost), actors=tuple(stopped(actor) for actor in state.actors))


def stopped(actor: Actor) -> Actor:
    """A request under way dies with its process. A worker drives no row of its own and is started again."""
    if actor.step in (Phase.IDLE, Phase.DONE, Phase.DEAD):
        return actor
    return Actor(Phase.DEAD) if actor.rows else Actor(Phase.IDLE)
