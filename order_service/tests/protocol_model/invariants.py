"""What must hold, by name: at every state, and at those where everything has come to rest."""

from collections.abc import Callable, Iterator
from typing import Final

from tests.protocol_model.changing import Increasing
from tests.protocol_model.placing import Placing
from tests.protocol_model.product_service import reserve
from tests.protocol_model.states import ABORTED, CHANGED, LIVE, NOT_PLACED, SHIPPED, Order, State
from tests.protocol_model.world import World

Invariant = Callable[[World, State], bool]


def stock_is_never_oversold(_world: World, state: State) -> bool:
    """Nothing is held that never arrived."""
    return all(
        product.stock >= 0 and reserved <= product.received
        for product, reserved in zip(state.products, reserved_of_each(state), strict=True)
    )


def stock_is_conserved(_world: World, state: State) -> bool:
    """Adjustments = stock + reserved, product by product."""
    return all(
        product.received == product.stock + reserved
        for product, reserved in zip(state.products, reserved_of_each(state), strict=True)
    )


def a_live_order_is_covered(_world: World, state: State) -> bool:
    """What is promised is held, at every instant."""
    return all(held >= order.desired for order, held in promised_and_held(state))


def synced_means_agreed(_world: World, state: State) -> bool:
    """A row that calls itself settled is: the reconciler never looks at it again."""
    return all(held == order.desired for order, held in promised_and_held(state) if order.is_settled)


def a_revision_has_one_meaning(_world: World, state: State) -> bool:
    """No two calls ever say different things under one revision, so `revision-conflict` never happens."""
    said: dict[tuple[int, int], int] = {}
    return all(
        said.setdefault((item.row, item.revision), item.quantity) == item.quantity
        for call in state.network
        for item in call
    )


def an_acknowledged_order_exists(world: World, state: State) -> bool:
    return all(order.placement == LIVE for order, told in placing_answers(world, state) if told.startswith("201"))


def an_attempt_answered_503_never_becomes_an_order(world: World, state: State) -> bool:
    return all(order.placement == ABORTED for order, told in placing_answers(world, state) if told == NOT_PLACED)


def a_final_answer_stays_and_is_repeated(world: World, state: State) -> bool:
    """A 201 or a refusal is what every other request with that key is told, and what the row still says."""
    said: dict[str, str] = {}
    for order, told in placing_answers(world, state):
        if told != NOT_PLACED and (said.setdefault(order.key, told) != told or order.saved_answer != told):
            return False
    return True


def one_key_has_one_order(_world: World, state: State) -> bool:
    keys = [order.key for order in state.orders if order is not None and order.placement == LIVE]
    return len(keys) == len(set(keys))


def a_parcel_holds_what_the_order_says(_world: World, state: State) -> bool:
    return all(order.quantity == order.parcel for order in state.orders if order and order.status == SHIPPED)


def an_answered_increase_is_kept(world: World, state: State) -> bool:
    """200 means that it was recorded; any refusal or 503 order-not-changed means that it never will be."""
    for role, actor in zip(world.roles, state.actors, strict=True):
        if isinstance(role, Increasing) and actor.answers:
            order = state.order(actor.rows[0])
            if actor.answers[0] != CHANGED and order.quantity == role.to:
                return False
    return True


def rest_is_agreement(world: World, state: State) -> bool:
    """Once all has come to rest, nothing is in doubt, reserved equals desired, and no reservation lacks its order."""
    if not world.is_at_rest(state):
        return True
    if any(order is not None and not order.is_settled for order in state.orders):
        return False
    return all(
        (held.quantity if held else 0) == (order.desired if order else 0)
        for order, held in zip(state.orders, state.reservations, strict=True)
    )


def rest_is_not_disturbed_by_late_calls(world: World, state: State) -> bool:
    """Once all has come to rest, no call that is still on its way, or comes once more, changes anything."""
    return not world.is_at_rest(state) or all(
        reserve(state, call, world.simplified)[0] == state for call in state.network
    )


ALWAYS: Final[tuple[Invariant, ...]] = (stock_is_never_oversold, stock_is_conserved, one_key_has_one_order)
UNLESS_ORDERS_WERE_RESTORED: Final[tuple[Invariant, ...]] = (rest_is_not_disturbed_by_late_calls,)
UNLESS_A_DATABASE_WAS_RESTORED: Final[tuple[Invariant, ...]] = (
    an_acknowledged_order_exists,
    an_attempt_answered_503_never_becomes_an_order,
    a_final_answer_stays_and_is_repeated,
    an_answered_increase_is_kept,
    a_parcel_holds_what_the_order_says,
    a_live_order_is_covered,
    synced_means_agreed,
    a_revision_has_one_meaning,
)
AT_REST: Final[tuple[Invariant, ...]] = (rest_is_agreement,)
ALL: Final = ALWAYS + UNLESS_A_DATABASE_WAS_RESTORED + UNLESS_ORDERS_WERE_RESTORED + AT_REST


def lasting(invariants: tuple[Invariant, ...], restored: str) -> tuple[Invariant, ...]:
    """Return those that even hold after `restored` was restored: a backup forgets what was promised after it."""
    if restored == "order_service":
        return tuple(each for each in invariants if each in ALWAYS + AT_REST)
    if restored == "product_service":
        return tuple(each for each in invariants if each not in UNLESS_A_DATABASE_WAS_RESTORED)
    return invariants


def reserved_of_each(state: State) -> list[int]:
    """Return how much of each product is reserved."""
    reserved = [0] * len(state.products)
    for row in state.reservations:
        if row is not None:
            reserved[row.product] += row.quantity
    return reserved


def promised_and_held(state: State) -> Iterator[tuple[Order, int]]:
    for order, held in zip(state.orders, state.reservations, strict=True):
        if order is not None:
            yield order, held.quantity if held else 0


def placing_answers(world: World, state: State) -> Iterator[tuple[Order, str]]:
    for role, actor in zip(world.roles, state.actors, strict=True):
        if isinstance(role, Placing):
            for row, told in zip(actor.rows, actor.answers, strict=bool(actor.answers)):
                yield state.order(row), told
