"""What a row of order_service stands for."""

from chaos.history import OrderSeen

REACHABLE = {
    "pending": {"pending", "shipped", "delivered", "canceled"},
    "shipped": {"shipped", "delivered"},
    "delivered": {"delivered"},
    "canceled": {"canceled"},
}


def promised(row: OrderSeen) -> int:
    """The units that product_service must hold for it, at least."""
    return row.quantity if row.placement == "live" and row.status != "canceled" else 0


def is_in_doubt(row: OrderSeen) -> bool:
    """Whether its fate is open, or product_service has not acknowledged it yet."""
    return row.placement == "placing" or row.target_quantity is not None or row.revision != row.synced_revision
