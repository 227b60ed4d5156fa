"""The bulkhead: only so many threads may wait for product_service, so that it never occupies all of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from orders import metrics
from orders.errors import Overloaded


class Bulkhead:
    """A bounded number of places; whoever finds none is turned away at once, before anything was begun."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """
        Occupy a place for as long as the block runs.

        :raises Overloaded: if none is free.
        """
        if not self._places.acquire(blocking=False):
            metrics.TURNED_AWAY.labels("bulkhead").inc()
            raise Overloaded
        try:
            yield
        finally:
            self._places.release()
