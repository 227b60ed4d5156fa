"""Customers who keep a shop busy and record every answer, to compare with the stored orders afterwards."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from driver.shop import Actor, Shop

PAUSE = 0.03  # seconds between two requests of a customer
REPEATED_FOR = 20.0  # seconds for which a customer repeats a request
MOST_KEPT = 50  # pending orders; the shop allows a customer 100
NOT_NOW = {429, 500, 502, 503, 504}  # docs/errors.md: repeat these, order placements with their key


@dataclass
class Customer:
    """
    Reads, places orders with keys and cancels every third one, until it is stopped.

    :param repeats: whether it repeats what was not answered or not done, as the shop's documents say.
    """

    shop: Shop
    product_id: int
    product_name: str
    repeats: bool
    kept: set[int] = field(default_factory=set)
    canceled: set[int] = field(default_factory=set)
    requests: int = 0
    repetitions: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.actor: Actor = self.shop.actor("customer", f"busy-{uuid4()}")

    def run(self, stopping: threading.Event) -> None:
        """Return when `stopping` is set. Failures are recorded, not raised."""
        try:
            while not stopping.is_set():
                self._visit()
        finally:
            self.shop.close()

    def _visit(self) -> None:
        actor = self.actor
        if len(self.kept) > MOST_KEPT:
            self._cancel(min(self.kept))
        self._request(lambda: actor.list_products(name=self.product_name), 200)
        self._request(lambda: actor.get_product(self.product_id), 200)
        key = str(uuid4())
        placed = self._request(lambda: actor.place_order(product_id=self.product_id, quantity=1, key=key), 201)
        if placed is None:
            return
        order_id = int(placed.json()["id"])
        self.kept.add(order_id)
        self._request(lambda: actor.get_order(order_id), 200)
        self._request(lambda: actor.list_orders(status="pending"), 200)
        if order_id % 3 == 0:
            self._cancel(order_id)

    def _cancel(self, order_id: int) -> None:
        if self._request(lambda: self.actor.cancel_order(order_id), 200):
            self.kept.remove(order_id)
            self.canceled.add(order_id)

    def _request(self, send: Callable[[], httpx.Response], expected: int) -> httpx.Response | None:
        """Send a request; where it repeats, until the answer is final. Any status but the expected one is a failure."""
        time.sleep(PAUSE)
        deadline = time.monotonic() + (REPEATED_FOR if self.repeats else 0)
        self.requests += 1
        while True:
            try:
                answer = send()
            except httpx.TransportError as error:
                failure, is_final = repr(error), False
            else:
                if answer.status_code == expected:
                    return answer
                failure = f"{answer.status_code} {answer.text}"
                is_final = answer.status_code not in NOT_NOW and "Retry-After" not in answer.headers
            if is_final or time.monotonic() > deadline:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {failure}")
                return None
            self.repetitions += 1
            time.sleep(0.2)


@dataclass(frozen=True)
class Customers:
    """The customers of one product."""

    product_id: int
    stock: int
    each: Sequence[Customer]

    @property
    def failures(self) -> list[str]:
        return [failure for customer in self.each for failure in customer.failures]

    @property
    def requests(self) -> int:
        return sum(customer.requests for customer in self.each)

    @property
    def sold(self) -> int:
        return sum(len(customer.kept) for customer in self.each)

    def report(self) -> str:
        canceled = sum(len(customer.canceled) for customer in self.each)
        repeated = sum(customer.repetitions for customer in self.each)
        return (
            f"{self.requests} requests, {self.sold + canceled} orders placed, {canceled} of them canceled, "
            f"{repeated} repetitions, {len(self.failures)} failures"
        )


@contextmanager
def busy_customers(shop: Shop, *, clerk: Actor, size: int, stock: int, repeats: bool) -> Iterator[Customers]:
    """Keep the shop busy for the length of the block, with connections of each customer's own."""
    name = f"In demand {uuid4().hex[:12]}"
    product_id = int(clerk.create_product(name=name, stock_quantity=stock).json()["id"])
    customers = [Customer(_another(shop), product_id, name, repeats) for _ in range(size)]
    stopping = threading.Event()
    threads = [threading.Thread(target=customer.run, args=[stopping]) for customer in customers]
    for thread in threads:
        thread.start()
    try:
        yield Customers(product_id, stock, customers)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def orders_of(shop: Shop, customer: Customer) -> dict[int, str]:
    """
    Every order that the shop has of this customer: its status, by its id.

    :raises AssertionError: if one is listed twice.
    """
    actor = shop.actor("customer", customer.actor.subject)
    found: list[tuple[int, str]] = []
    following: str | None = "/api/v1/orders/?page_size=100"
    while following:
        page = actor.request("GET", following).json()
        found += [(order["id"], order["status"]) for order in page["results"]]
        following = page["next"]
    assert len(found) == len(dict(found))
    return dict(found)


def _another(shop: Shop) -> Shop:
    return Shop(public_url=shop.public_url, internal_url=shop.internal_url, keys=shop.keys)
