"""The bulkhead: only some threads may wait for product_service, so that the rest go on serving other requests."""

import threading

from orders import metrics
from orders.errors import Overloaded


class Bulkhead:
    """A bounded number of slots. A request that finds no free slot is refused at once."""

    def __init__(self, slots: int) -> None:
        self._slots = threading.BoundedSemaphore(slots)

    def __enter__(self) -> None:
        """
        Occupy a slot for as long as the block runs.

        :raises Overloaded: if no slot is free.
        """
        if not self._slots.acquire(blocking=False):
            metrics.TURNED_AWAY.labels("bulkhead").inc()
            raise Overloaded

    def __exit__(self, *_: object) -> None:
        self._slots.release()
