"""The steps of the order protocol at which a process can be stopped, with the names of docs/architecture.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["order_service", "reconciler", "product_service"]


@dataclass(frozen=True)
class Point:
    """An instant: just before, or just after, a function of one of the processes. `target` is module:qualified.name."""

    role: Role
    when: Literal["before", "after"]
    target: str


POINTS: Mapping[str, Point] = {
    "before begin": Point("order_service", "before", "orders.placement:begin"),
    "after begin": Point("order_service", "after", "orders.placement:begin"),
    "after the call": Point("order_service", "after", "orders.placement:reserve"),
    "after confirm": Point("order_service", "after", "orders.placement:confirm"),
    "before the change is recorded": Point("order_service", "before", "orders.querysets:OrderQuerySet.settle"),
    "after the change is recorded": Point("order_service", "after", "orders.querysets:OrderQuerySet.settle"),
    "before the increase begins": Point("order_service", "before", "orders.querysets:OrderQuerySet.begin_increase"),
    "after the increase begins": Point("order_service", "after", "orders.querysets:OrderQuerySet.begin_increase"),
    "after the call for more": Point("order_service", "after", "orders.services:reserve"),
    "after the increase is recorded": Point("order_service", "after", "orders.querysets:OrderQuerySet.finish_increase"),
    "before the increase is dropped": Point("order_service", "before", "orders.querysets:OrderQuerySet.drop_increase"),
    "after the increase is dropped": Point("order_service", "after", "orders.querysets:OrderQuerySet.drop_increase"),
    "before the claim": Point("reconciler", "before", "orders.reconciler:_claim"),
    "after the claim": Point("reconciler", "after", "orders.reconciler:_claim"),
    "after the push": Point("reconciler", "after", "products_client.client:ProductsClient.put_reservations"),
    "after the record": Point("reconciler", "after", "orders.querysets:OrderQuerySet.acknowledge"),
    "before settling": Point("product_service", "before", "inventory.services:settle_reservations"),
    "before the commit": Point("product_service", "after", "inventory.models.reservations:ReservationQuerySet.write"),
    "after the commit": Point("product_service", "after", "inventory.services:settle_reservations"),
}
