"""The scenarios that are explored, each small enough to be explored completely."""

from typing import Final

from model.changing import Canceling, Decreasing, Increasing, Shipping
from model.placement import PlacementRequest, Placing
from model.recovering import Auditing, Reconciling
from model.scenario import Scenario
from model.states import Order, Placement
from model.surroundings import Adjusting, Deactivating, Deleting, Editing, Restoring


def placed(key: str, quantity: int) -> Order:
    """Return an order of product 0 that was placed and synced before the scenario begins."""
    return Order(key, 0, quantity, placement=Placement.LIVE, synced=1, saved_answer=f"201 quantity {quantity}")


K: Final = Placing((PlacementRequest("k"),))
L: Final = Placing((PlacementRequest("l"),))
RECONCILER: Final = Reconciling()

PLACE_AND_REPEAT: Final = Scenario(
    "a customer repeats a key, and goods arrive after the refusal",
    roles=(K, K, Adjusting(1), RECONCILER, RECONCILER),
    stock=(0,),
)
PLACE_REPEAT_AND_CANCEL: Final = Scenario(
    "an order is placed, repeated and canceled",
    roles=(K, K, Canceling("k"), RECONCILER, RECONCILER),
    stock=(1,),
)
ONE_UNIT: Final = Scenario(
    "two customers want the last unit, and one of them cancels",
    roles=(K, L, Canceling("k"), RECONCILER, RECONCILER),
    stock=(1,),
)
GROUP_COMMIT: Final = Scenario(
    "two customers share a batch for one unit, and one of them repeats and cancels",
    roles=(Placing((PlacementRequest("k"), PlacementRequest("l"))), K, Canceling("k"), RECONCILER),
    stock=(1,),
)
PLACE_INCREASE_AND_CANCEL: Final = Scenario(
    "an order is placed, repeated, increased and canceled",
    roles=(K, K, Increasing("k", 2), Canceling("k"), RECONCILER),
    stock=(2,),
)
CHANGE_AT_ONCE: Final = Scenario(
    "two increases, a cancel and a shipment of one order at once",
    roles=(Increasing("k", 2), Increasing("k", 3), Canceling("k"), Shipping("k"), RECONCILER, RECONCILER),
    live=(placed("k", 1),),
    stock=(2,),
)
DECREASE_AND_SHIP: Final = Scenario(
    "a decrease, an increase of what is sold out until goods arrive, a cancel and a shipment",
    roles=(
        Decreasing("k", 1),
        Increasing("k", 3),
        Canceling("k"),
        Shipping("k"),
        Adjusting(1),
        RECONCILER,
        RECONCILER,
    ),
    live=(placed("k", 2),),
    stock=(0,),
)
CATALOGUE_WORK: Final = Scenario(
    "a clerk edits and deactivates the product, and goods arrive",
    roles=(K, Editing(), Adjusting(1), Deactivating(), Canceling("k"), RECONCILER, RECONCILER),
    stock=(0,),
)
PRICE_EDITED: Final = Scenario(
    "an order is increased twice while a clerk edits the price",
    roles=(Increasing("k", 2), Increasing("k", 3), Editing(), RECONCILER),
    live=(placed("k", 1),),
    stock=(2,),
)
DELETED: Final = Scenario(
    "an order is placed, repeated and canceled, and its reservation deleted when it holds nothing",
    roles=(K, K, Canceling("k"), Adjusting(1), Deleting(), RECONCILER),
    stock=(0,),
)
ORDERS_RESTORED: Final = Scenario(
    "order_service's database is restored while orders are placed, repeated and canceled",
    roles=(K, K, Canceling("k"), Restoring("order_service"), RECONCILER, Auditing()),
    stock=(4,),
)
ORDERS_RESTORED_DURING_CHANGES: Final = Scenario(
    "order_service's database is restored while an order is increased, decreased and canceled",
    roles=(
        Increasing("k", 2),
        Decreasing("k", 1),
        Canceling("k"),
        Restoring("order_service"),
        RECONCILER,
        Auditing(),
    ),
    live=(placed("k", 1),),
    stock=(4,),
)
PRODUCTS_RESTORED: Final = Scenario(
    "product_service's database is restored while an order is placed, increased, decreased and canceled",
    roles=(
        K,
        Increasing("k", 2),
        Decreasing("k", 1),
        Canceling("k"),
        Restoring("product_service"),
        RECONCILER,
        Auditing(),
    ),
    stock=(4,),
)
SCENARIOS: Final = (
    PLACE_AND_REPEAT,
    PLACE_REPEAT_AND_CANCEL,
    ONE_UNIT,
    GROUP_COMMIT,
    PLACE_INCREASE_AND_CANCEL,
    CHANGE_AT_ONCE,
    DECREASE_AND_SHIP,
    CATALOGUE_WORK,
    PRICE_EDITED,
    DELETED,
    ORDERS_RESTORED,
    ORDERS_RESTORED_DURING_CHANGES,
    PRODUCTS_RESTORED,
)
