"""What must hold, by name: at every state, and at those where everything has come to rest."""

from collections.abc import Callable, Iterator
from typing import Final

from model.changing import Increasing
from model.placement import Placing
from model.product_service import reserve
from model.scenario import Scenario
from model.states import CHANGED, NOT_PLACED, Order, Placement, State, Status

Invariant = Callable[[Scenario, State], bool]


def stock_is_never_oversold(_: Scenario, state: State) -> bool:
    """Nothing is held that never arrived."""
    return all(
        product.stock >= 0 and reserved <= product.received
        for product, reserved in zip(state.products, reserved_of_each(state), strict=True)
    )


def stock_is_conserved(_: Scenario, state: State) -> bool:
    """Adjustments = stock + reserved, product by product."""
    return all(
        product.received == product.stock + reserved
        for product, reserved in zip(state.products, reserved_of_each(state), strict=True)
    )


def a_live_order_is_covered(_: Scenario, state: State) -> bool:
    """What is promised is held, at every instant."""
    return all(held >= order.desired_quantity for order, held in promised_and_held(state))


def synced_means_agreed(_: Scenario, state: State) -> bool:
    """A row that calls itself settled is: the reconciler never looks at it again."""
    return all(held == order.desired_quantity for order, held in promised_and_held(state) if order.is_settled)


def a_revision_has_one_meaning(_: Scenario, state: State) -> bool:
    """No two calls differ under one revision, so `revision-conflict` never happens."""
    seen: dict[tuple[int, int], int] = {}
    return all(
        seen.setdefault((item.row, item.revision), item.quantity) == item.quantity
        for call in state.network
        for item in call
    )


def an_acknowledged_order_exists(scenario: Scenario, state: State) -> bool:
    return all(
        order.placement == Placement.LIVE
        for order, answer in placing_answers(scenario, state)
        if answer.startswith("201")
    )


def an_attempt_answered_503_never_becomes_an_order(scenario: Scenario, state: State) -> bool:
    return all(
        order.placement == Placement.ABORTED
        for order, answer in placing_answers(scenario, state)
        if answer == NOT_PLACED
    )


def a_final_answer_stays_and_is_repeated(scenario: Scenario, state: State) -> bool:
    """A 201 or a refusal is the answer to every other request with that key, and what the row still says."""
    seen: dict[str, str] = {}
    for order, answer in placing_answers(scenario, state):
        if answer != NOT_PLACED and (seen.setdefault(order.key, answer) != answer or order.saved_answer != answer):
            return False
    return True


def one_key_has_one_order(_: Scenario, state: State) -> bool:
    keys = [order.key for order in state.orders if order is not None and order.placement == Placement.LIVE]
    return len(keys) == len(set(keys))


def a_parcel_holds_what_the_order_says(_: Scenario, state: State) -> bool:
    return all(order.quantity == order.parcel for order in state.orders if order and order.status == Status.SHIPPED)


def an_answered_increase_is_kept(scenario: Scenario, state: State) -> bool:
    """200 means that it was recorded; any refusal or 503 order-not-changed means that it never will be."""
    for role, actor in zip(scenario.roles, state.actors, strict=True):
        if isinstance(role, Increasing) and actor.answers:
            order = state.order(actor.rows[0])
            if actor.answers[0] != CHANGED and order.quantity == role.to:
                return False
    return True


def no_unit_is_held_at_an_old_price(_: Scenario, state: State) -> bool:
    """No unit of a live order was held at a price that the product did not have at that moment."""
    return not any(
        held.mispriced
        for order, held in zip(state.orders, state.reservations, strict=True)
        if order is not None and held is not None and order.desired_quantity
    )


def rest_is_agreement(scenario: Scenario, state: State) -> bool:
    """Once all has come to rest, nothing is undecided, reserved equals desired, and no reservation lacks its order."""
    if not scenario.is_at_rest(state):
        return True
    if any(order is not None and not order.is_settled for order in state.orders):
        return False
    return all(
        (held.quantity if held else 0) == (order.desired_quantity if order else 0)
        for order, held in zip(state.orders, state.reservations, strict=True)
    )


def rest_is_not_disturbed_by_late_calls(scenario: Scenario, state: State) -> bool:
    """Once all has come to rest, no call that is still on its way, or comes once more, changes anything."""
    return not scenario.is_at_rest(state) or all(
        reserve(state, call, scenario.simplified)[0] == state for call in state.network
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
    no_unit_is_held_at_an_old_price,
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


def placing_answers(scenario: Scenario, state: State) -> Iterator[tuple[Order, str]]:
    for role, actor in zip(scenario.roles, state.actors, strict=True):
        if isinstance(role, Placing):
            for row, answer in zip(actor.rows, actor.answers, strict=bool(actor.answers)):
                yield state.order(row), answer
