"""The bulkhead: only some threads may wait for product_service, and of those only a share for one owner."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from orders import metrics
from orders.errors import Overloaded, TooManyAtOnce


class Bulkhead:
    """A bounded number of slots, of which one owner may occupy a share. Without a free one a request is refused."""

    def __init__(self, slots: int, *, share: int) -> None:
        self._free = slots
        self._share = share
        self._occupied: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, owner: str) -> Iterator[None]:
        """
        Occupy a slot while the block runs.

        :raises TooManyAtOnce: if the owner has a whole share already.
        :raises Overloaded: if no slot is free.
        """
        self._occupy(owner)
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
                self._occupied[owner] -= 1
                if not self._occupied[owner]:
                    del self._occupied[owner]

    def _occupy(self, owner: str) -> None:
        with self._lock:
            if self._occupied[owner] < self._share and self._free:
                self._free -= 1
                self._occupied[owner] += 1
                return
            is_greedy = self._occupied[owner] >= self._share
        metrics.TURNED_AWAY.labels("owner" if is_greedy else "bulkhead").inc()
        raise TooManyAtOnce if is_greedy else Overloaded
