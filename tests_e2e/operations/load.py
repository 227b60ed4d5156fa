"""Customers who order without a pause."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from driver.shop import Actor

BUYERS = 6


@dataclass
class Load:
    """The answers that customers got who order without a pause."""

    placed: list[int] = field(default_factory=list)  # the ids of orders
    statuses: list[int] = field(default_factory=list)
    lost: list[httpx.TransportError] = field(default_factory=list)  # no answer at all


@contextmanager
def load(buyer: Actor, product_id: int) -> Iterator[Load]:
    """Have customers order one unit after the other, each with a key of its own, until the block ends."""
    seen, enough = Load(), threading.Event()

    def order() -> None:
        while not enough.is_set():
            try:
                answer = buyer.place_order(product_id=product_id, quantity=1, key=str(uuid4()))
            except httpx.TransportError as error:
                seen.lost.append(error)
                continue
            seen.statuses.append(answer.status_code)
            if answer.is_success:
                seen.placed.append(answer.json()["id"])

    with ThreadPoolExecutor(BUYERS) as pool:
        buying: list[Future[None]] = [pool.submit(order) for _ in range(BUYERS)]
        try:
            yield seen
        finally:
            enough.set()
    for customer in buying:
        customer.result()
