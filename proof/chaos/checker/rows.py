"""What the columns of a row of order_service mean."""

from chaos.seen import OrderSeen

REACHABLE = {
    "pending": {"pending", "shipped", "delivered", "canceled"},
    "shipped": {"shipped", "delivered"},
    "delivered": {"delivered"},
    "canceled": {"canceled"},
}


def desired_quantity(row: OrderSeen) -> int:
    """
    Return how many units product_service should hold for the order.

    The definition is that of order_service (`Order.desired_quantity`); a test compares the two.
    """
    return row.quantity if row.placement == "live" and row.status != "canceled" else 0


def is_unresolved(row: OrderSeen) -> bool:
    """Whether it is undecided, or product_service has not acknowledged its revision yet."""
    return row.placement == "placing" or row.target_quantity is not None or row.revision != row.synced_revision
