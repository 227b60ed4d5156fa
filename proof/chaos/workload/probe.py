"""Somebody who orders one unit again and again, so that it is known since when the shop takes orders again."""

import threading
from types import TracebackType
from typing import Self

from chaos.history import ProductSeen
from chaos.workload.client import Client
from chaos.workload.customers import ORDERS
from chaos.workload.stage import Stage

EVERY = 0.15  # seconds
PATIENCE = 4.0


class Probe:
    """Orders from the block's beginning to its end."""

    def __init__(self, stage: Stage, product: ProductSeen) -> None:
        self._stage = stage
        self._product = product
        token = stage.token(role="customer", subject="probe")
        self._client = Client(stage, process="probe", owner="probe", token=token, patience=PATIENCE)
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
        self._stage.over.set()
        self._thread.join()

    def wait_for_order(self, since: float, *, within: float) -> bool:
        """Return whether an order that was asked for after this moment of the run's clock was placed in time."""
        with self._placed:
            return self._placed.wait_for(lambda: self._began_last >= since, within)

    def _run(self) -> None:
        body = {"product_id": self._product.id, "quantity": 1}
        while not self._stage.over.wait(EVERY):
            if not self._stage.open.is_set():
                continue
            self._number += 1
            began = self._stage.journal.now().at
            key = f"probe-{self._number}"
            told = self._client.ask("place", ORDERS, body, key=key, product_id=self._product.id, quantity=1)
            if told.is_ok:
                with self._placed:
                    self._began_last = began
                    self._placed.notify_all()
