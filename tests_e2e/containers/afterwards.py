"""What must hold when all customers have finished."""

from containers import engine
from containers.customers import Customers, orders_of
from driver.shop import Actor, Shop
from driver.waiting import eventually

SYNCED_WITHIN = 20  # seconds: the reconciler has released canceled orders


def assert_ledger_balances(shop: Shop, clerk: Actor, customers: Customers) -> None:
    """Check that no order was lost or doubled, that stock is what was not sold, and that the audit is clean."""
    for customer in customers.each:
        wanted = dict.fromkeys(customer.kept, "pending") | dict.fromkeys(customer.canceled, "canceled")
        assert orders_of(shop, customer) == wanted
    eventually(
        lambda: int(clerk.get_product(customers.product_id).json()["stock_quantity"]),
        lambda left: left == customers.stock - customers.sold,
        within=SYNCED_WITHIN,
    )
    assert engine.manage("order_service", "audit_reservations").endswith("no drift")
