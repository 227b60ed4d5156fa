"""A scenario: the processes in it, and every step that can happen next."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from model import network
from model.roles import Role, stop
from model.simplifications import PROTOCOL, Simplified
from model.states import UNDER_WAY, Actor, Move, Order, Product, Reservation, State


class Step(NamedTuple):
    """One step. `is_recovery`: it needs only product_service and order_service's own workers."""

    who: str
    move: Move
    is_recovery: bool


@dataclass(frozen=True)
class Scenario:
    """
    The processes at its beginning, and the stock they begin with. Equal roles stand side by side.

    `live` orders are those placed and synced before it.
    """

    name: str
    roles: tuple[Role, ...]
    stock: tuple[int, ...]
    live: tuple[Order, ...] = ()
    simplified: Simplified = PROTOCOL

    def start(self) -> State:
        products = tuple(Product(stock, stock) for stock in self.stock)
        reservations = tuple(
            Reservation(order.product, order.quantity, order.revision, "held", products[order.product].price)
            for order in self.live
        )
        for order in self.live:
            products = tuple(
                product._replace(received=product.received + order.quantity) if place == order.product else product
                for place, product in enumerate(products)
            )
        return State(products, reservations, self.live, tuple(Actor() for _ in self.roles))

    def steps(self, state: State) -> Iterator[Step]:
        """Yield all that can happen next: a delivery, a step of any process, or the end of any process."""
        for move in network.deliveries(state, self.simplified):
            yield Step("product_service", move, is_recovery=True)
        if self.simplified.expiring_reservations:
            for move in network.expiries(state):
                yield Step("product_service", move, is_recovery=False)
        for me, role in enumerate(self.roles):
            name = self.names[me]
            for move in role.moves(state, me, self.simplified):
                yield Step(name, move, role.is_recovery)
            if is_under_way(state.actors[me]):
                yield Step(name, Move("stops", stop(state, me, role)), is_recovery=True)

    def is_at_rest(self, state: State) -> bool:
        """Whether nothing is under way, and order_service's own workers find nothing left to do."""
        if state.half_done or any(is_under_way(actor) for actor in state.actors):
            return False
        workers = (role.moves(state, me, self.simplified) for me, role in enumerate(self.roles) if role.is_recovery)
        return not any(True for moves in workers for _ in moves)

    def canonical(self, state: State) -> State:
        """
        Put processes of one program in one order: which of them did what makes no difference.

        A client's retries and the instances of the reconciler are such processes.
        """
        actors = state.actors
        for first, end in self.twins:
            in_order = tuple(sorted(actors[first:end]))
            if in_order != actors[first:end]:
                actors = (*actors[:first], *in_order, *actors[end:])
        return state if actors is state.actors else state._replace(actors=actors)

    @cached_property
    def twins(self) -> tuple[tuple[int, int], ...]:
        """Where equal roles stand: from the first of them to the one after the last."""
        found = []
        first = 0
        for _, equals in groupby(self.roles):
            end = first + len(list(equals))
            if end - first > 1:
                found.append((first, end))
            first = end
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(type(role).__name__ for role in self.roles)


def is_under_way(actor: Actor) -> bool:
    return actor.step in UNDER_WAY
