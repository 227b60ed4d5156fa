"""The network: every call that was ever sent may arrive at any time, any number of times, in any order, or never."""

from collections.abc import Iterator

from model.product_service import reserve
from model.simplifications import Simplified
from model.states import Call, Move, Outcome, Phase, Replies, Reservation, State


def deliveries(state: State, simplified: Simplified) -> Iterator[Move]:
    """
    Yield each call's arrival at product_service, once with its reply lost and once for each process waiting for it.

    A process that waits may have tried several times: any try can be the one that is answered. A reply is read later,
    or never, so it may be old by then.
    """
    if simplified.select_then_update_of_stock:
        yield from unlocked_deliveries(state)
        return
    for call in state.network:
        after, replies = reserve(state, call, simplified)
        yield from answered(state, after, call, replies)


def answered(before: State, after: State, call: Call, replies: Replies) -> Iterator[Move]:
    """Commit, and let the reply be lost or reach anyone who waits for it."""
    if after is not before:
        yield Move("commits, and its reply is lost:", after, call)
    for place, actor in enumerate(before.actors):
        if actor.step == Phase.CALLED and actor.call == call and actor.inbox != replies:
            outcomes = " and ".join(reply.outcome for reply in replies)
            yield Move(
                f"commits, and answers {outcomes}:", after.with_actor(place, actor._replace(inbox=replies)), call
            )


def unlocked_deliveries(state: State) -> Iterator[Move]:
    """SELECT then UPDATE: two steps without a lock, between which another call may do the same."""
    for call in state.network:
        seen = tuple(product.stock for product in state.products)
        half_done = tuple(sorted({*state.half_done, (call, seen)}))
        yield Move("selects the stock, without a lock, for", state._replace(half_done=half_done), call)
    for call, seen in state.half_done:
        as_seen = state._replace(
            products=tuple(product._replace(stock=stock) for product, stock in zip(state.products, seen, strict=True))
        )
        after, replies = reserve(as_seen, call, Simplified())
        touched = {item.product for item in call}
        products = tuple(
            product if place in touched else state.products[place] for place, product in enumerate(after.products)
        )
        after = after._replace(
            products=products, half_done=tuple(other for other in state.half_done if other != (call, seen))
        )
        yield from answered(state, after, call, replies)


def expiries(state: State) -> Iterator[Move]:
    """What a time to live on reservations would do, at a moment of its own choosing."""
    for row, held in enumerate(state.reservations):
        if held is not None and held.quantity:
            product = state.products[held.product]
            gone = Reservation(held.product, 0, held.revision, Outcome.RELEASED)
            reservations = (*state.reservations[:row], gone, *state.reservations[row + 1 :])
            yield Move(
                f"reservation {row} expires",
                state.with_product(held.product, product._replace(stock=product.stock + held.quantity))._replace(
                    reservations=reservations
                ),
            )
