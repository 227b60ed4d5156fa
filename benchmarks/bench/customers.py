"""Customers that place orders one by one, for what is no matter of speed."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from uuid import uuid4

import httpx
from stack.keys import role_token

from bench.running import Running

PRODUCTS = 10  # that they choose from


class Customer:
    """One customer of a running contender, with a connection of its own."""

    def __init__(self, running: Running, name: str) -> None:
        token = role_token(running.site.keys, role="customer", subject=name)
        self._client = httpx.Client(
            base_url=running.url, headers={"Authorization": f"Bearer {token}"}, timeout=10, trust_env=False
        )

    def close(self) -> None:
        self._client.close()

    def order(self, product_id: int, *, quantity: int = 1, key: str | None = None) -> httpx.Response:
        """Place an order, with an idempotency key of its own unless one is given."""
        body: Mapping[str, int] = {"product_id": product_id, "quantity": quantity}
        return self._client.post("/api/v1/orders/", json=body, headers={"Idempotency-Key": key or str(uuid4())})


@dataclass
class Crowd:
    """Customers who place orders until `ended` is set, and the statuses that they got."""

    ended: threading.Event = field(default_factory=threading.Event)
    statuses: list[int] = field(default_factory=list)


@contextmanager
def busy_customers(running: Running, count: int) -> Iterator[Crowd]:
    """Have customers place orders, at the latest until the block ends."""
    crowd = Crowd()

    def place(name: str) -> None:
        with closing(Customer(running, name)) as customer:
            for product_id in cycle(range(1, PRODUCTS + 1)):
                if crowd.ended.is_set():
                    return
                try:
                    crowd.statuses.append(customer.order(product_id).status_code)
                except httpx.TransportError:  # a service that was killed may leave no answer
                    crowd.ended.wait(0.1)

    threads = [threading.Thread(target=place, args=(f"customer-{n}",)) for n in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        crowd.ended.set()
        for thread in threads:
            thread.join()
