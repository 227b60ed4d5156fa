"""Customers who order without a pause."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from driver.shop import Actor

BUYERS = 6


OPEN = {"gateway-timeout", "outcome-unknown", "idempotency-in-progress"}
"""Answers that leave the outcome open: the same key learns it (rule R6)."""

NOTHING_BEGUN = {"overloaded", "bad-gateway"}
"""
Answers to requests that no instance has begun. They say nothing about an earlier request with the same key.

A 502 leaves the outcome open in general; here it must come only from an instance that has not read the request.
"""


@dataclass
class Load:
    """The answers that customers got who order without a pause."""

    placed: list[int] = field(default_factory=list)  # the ids of orders
    problems: set[str] = field(default_factory=set)  # of all other answers
    lost: list[httpx.TransportError] = field(default_factory=list)  # no answer at all


@contextmanager
def load(buyer: Actor, product_id: int) -> Iterator[Load]:
    """Have customers order one unit after the other, until the block ends and the outcome of each request is known."""
    seen, enough = Load(), threading.Event()

    def order() -> None:
        key, is_repeat = str(uuid4()), False
        while is_repeat or not enough.is_set():
            try:
                answer = buyer.place_order(product_id=product_id, quantity=1, key=key)
            except httpx.TransportError as error:
                seen.lost.append(error)
                continue
            if answer.is_success:
                seen.placed.append(answer.json()["id"])
            else:
                problem = answer.json()["type"].rpartition("/")[2]
                seen.problems.add(problem)
                if problem in OPEN or (is_repeat and problem in NOTHING_BEGUN):
                    is_repeat = True
                    time.sleep(0.2)
                    continue
            key, is_repeat = str(uuid4()), False

    with ThreadPoolExecutor(BUYERS) as pool:
        buying: list[Future[None]] = [pool.submit(order) for _ in range(BUYERS)]
        try:
            yield seen
        finally:
            enough.set()
    for customer in buying:
        customer.result()
