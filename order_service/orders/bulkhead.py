"""The bulkhead: only so many threads may wait for product_service, so that it never occupies all of them."""

import threading

from orders import metrics
from orders.errors import Overloaded


class Bulkhead:
    """A bounded number of places; whoever finds none is turned away at once, before anything was begun."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    def __enter__(self) -> None:
        """
        Occupy a place for as long as the block runs.

        :raises Overloaded: if none is free.
        """
        if not self._places.acquire(blocking=False):
            metrics.TURNED_AWAY.labels("bulkhead").inc()
            raise Overloaded

    def __exit__(self, *_: object) -> None:
        self._places.release()
