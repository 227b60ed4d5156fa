"""Reservations, and the ledger of stock adjustments."""

from inventory.models.adjustments import INITIAL_STOCK, LARGEST_STOCK, StockAdjustment
from inventory.models.reservations import Reservation

__all__ = ["INITIAL_STOCK", "LARGEST_STOCK", "Reservation", "StockAdjustment"]
