"""What is promised, and why there is what there is."""

from inventory.models.adjustments import LARGEST_STOCK, StockAdjustment
from inventory.models.reservations import Reservation

__all__ = ["LARGEST_STOCK", "Reservation", "StockAdjustment"]
