"""The request of a scenario, and what the ledger shows before and after it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from crashes.environment import Environment

STOCK = 10
REPEATED_FOR = 30.0  # seconds for which a client repeats its request


@dataclass(frozen=True)
class Operation:
    """
    One request about one product.

    `ordered` is the quantity of an order that is there before, None for none. `undone` and `done` are the quantities
    of live orders before and after it; a refused placement leaves none.
    """

    ordered: int | None
    request: Callable[[Environment, int, int], httpx.Response]  # of a product and an order
    undone: list[int]
    done: list[int]
    success: int


def _place(quantity: int) -> Callable[[Environment, int, int], httpx.Response]:
    def request(environment: Environment, product_id: int, _: int) -> httpx.Response:
        return environment.customer.place_order(product_id=product_id, quantity=quantity, key="the-one-key")

    return request


def _change(**fields: object) -> Callable[[Environment, int, int], httpx.Response]:
    def request(environment: Environment, _: int, order_id: int) -> httpx.Response:
        return environment.customer.change_order(order_id, **fields)

    return request


OPERATIONS: Mapping[str, Operation] = {
    "place": Operation(None, _place(2), undone=[], done=[2], success=201),
    "place too many": Operation(None, _place(STOCK + 1), undone=[], done=[], success=409),
    "cancel": Operation(5, _change(status="canceled"), undone=[5], done=[], success=200),
    "decrease": Operation(5, _change(quantity=2), undone=[5], done=[2], success=200),
    "increase": Operation(2, _change(quantity=5), undone=[2], done=[5], success=200),
    "increase too much": Operation(2, _change(quantity=STOCK + 1), undone=[2], done=[2], success=409),
}


def request_once(request: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Send the request once. Return the answer, or None without one."""
    try:
        return request()
    except httpx.TransportError:
        return None


def request_until_final(request: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Repeat the request until the answer is final: a success, or a refusal that would stay the same."""
    deadline = time.monotonic() + REPEATED_FOR
    while time.monotonic() < deadline:
        answer = request_once(request)
        if answer is not None and is_final(answer):
            return answer
        time.sleep(0.2)
    return None


def is_final(answer: httpx.Response) -> bool:
    return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and "Retry-After" not in answer.headers
