"""What must be true when the customers have gone home."""

from containers import engine
from containers.customers import Crowd, orders_of
from driver.shop import Person, Shop
from driver.waiting import eventually

SYNCED_WITHIN = 20  # seconds: the reconciler has given back what was canceled


def assert_books_agree(shop: Shop, clerk: Person, crowd: Crowd) -> None:
    """Check that no order was lost or doubled, that stock is what was not sold, and that the audit is clean."""
    for customer in crowd.customers:
        wanted = dict.fromkeys(customer.kept, "pending") | dict.fromkeys(customer.canceled, "canceled")
        assert orders_of(shop, customer) == wanted
    eventually(
        lambda: int(clerk.get_product(crowd.product_id).json()["stock_quantity"]),
        lambda left: left == crowd.stock - crowd.sold,
        within=SYNCED_WITHIN,
    )
    assert engine.manage("order_service", "audit_reservations").endswith("no drift")
