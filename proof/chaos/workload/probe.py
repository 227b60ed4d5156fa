"""A client that orders one unit again and again, to measure when the shop accepts orders again after a fault."""

import threading
from types import TracebackType
from typing import Self

from chaos.seen import ProductSeen
from chaos.workload.client import Client
from chaos.workload.customers import ORDERS
from chaos.workload.shared import Workload

EVERY = 0.15  # seconds
TIMEOUT = 4.0


class Probe:
    """Places orders in a thread until the block ends."""

    def __init__(self, workload: Workload, product: ProductSeen) -> None:
        self._workload = workload
        self._product = product
        token = workload.token(role="customer", subject="probe")
        self._client = Client(workload, process="probe", owner="probe", token=token, timeout=TIMEOUT)
        self._placed = threading.Condition()
        self._began_last = 0.0  # when the newest request began that was answered with an order
        self._number = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workload.finished.set()
        self._thread.join()

    def wait_for_order(self, since: float, *, within: float) -> bool:
        """Return whether an order requested after this moment of the run's clock was placed in time."""
        with self._placed:
            return self._placed.wait_for(lambda: self._began_last >= since, within)

    def _run(self) -> None:
        body = {"product_id": self._product.id, "quantity": 1}
        while not self._workload.finished.wait(EVERY):
            if not self._workload.active.is_set():
                continue
            self._number += 1
            began = self._workload.journal.now().at
            key = f"probe-{self._number}"
            outcome = self._client.request("place", ORDERS, body, key=key, product_id=self._product.id, quantity=1)
            if outcome.is_ok:
                with self._placed:
                    self._began_last = began
                    self._placed.notify_all()
