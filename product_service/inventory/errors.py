"""
What can go wrong with stock.

    InventoryError
    +-- ReservationNotFound      this reservation was never requested
    +-- StockRefused             the numbers do not allow it; nothing changed
    |   +-- InsufficientStock    the stock would fall below zero
    |   +-- StockTooLarge        the stock would exceed what one product may have
    |   +-- AdjustmentTooLarge   one adjustment would move more units than it may
    +-- IdempotencyKeyReused     the caller used the key for another request

The outcomes of reservations are no errors: they are data, see `inventory.protocol`.
"""

from uuid import UUID


class InventoryError(Exception):
    """Any refusal of the inventory app."""


class ReservationNotFound(InventoryError):
    def __init__(self, reservation_id: UUID) -> None:
        super().__init__(f"There is no reservation {reservation_id}.")


class StockRefused(InventoryError):
    """The numbers do not allow this move of stock."""


class InsufficientStock(StockRefused):
    def __init__(self, *, available: int, requested: int) -> None:
        super().__init__(f"{requested} units cannot be taken: {available} are in stock.")


class StockTooLarge(StockRefused):
    def __init__(self, *, largest: int) -> None:
        super().__init__(f"A product has at most {largest} units in stock.")


class AdjustmentTooLarge(StockRefused):
    def __init__(self, *, largest: int) -> None:
        super().__init__(f"One adjustment moves at most {largest} units; move them by several.")


class IdempotencyKeyReused(InventoryError):
    def __init__(self) -> None:
        super().__init__("This idempotency key was used for another request.")
