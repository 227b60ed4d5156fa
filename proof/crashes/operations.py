"""What a client asks for in a story, and what the books show before and after it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from crashes.world import World

STOCK = 10
PATIENCE = 30.0  # seconds that a client goes on repeating


@dataclass(frozen=True)
class Operation:
    """
    One request about one product.

    `ordered` is the quantity of an order that is there before, None for none. `undone` and `done` are the quantities
    that live orders are promised before it and after it; where it is refused, nothing is.
    """

    ordered: int | None
    ask: Callable[[World, int, int], httpx.Response]  # of a product and an order
    undone: list[int]
    done: list[int]
    success: int


def _place(quantity: int) -> Callable[[World, int, int], httpx.Response]:
    def ask(world: World, product_id: int, _: int) -> httpx.Response:
        return world.customer.place_order(product_id=product_id, quantity=quantity, key="the-one-key")

    return ask


def _change(**fields: object) -> Callable[[World, int, int], httpx.Response]:
    def ask(world: World, _: int, order_id: int) -> httpx.Response:
        return world.customer.change_order(order_id, **fields)

    return ask


OPERATIONS: Mapping[str, Operation] = {
    "placing": Operation(None, _place(2), undone=[], done=[2], success=201),
    "placing too many": Operation(None, _place(STOCK + 1), undone=[], done=[], success=409),
    "canceling": Operation(5, _change(status="canceled"), undone=[5], done=[], success=200),
    "decreasing": Operation(5, _change(quantity=2), undone=[5], done=[2], success=200),
    "increasing": Operation(2, _change(quantity=5), undone=[2], done=[5], success=200),
    "increasing too much": Operation(2, _change(quantity=STOCK + 1), undone=[2], done=[2], success=409),
}


def ask_once(ask: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Ask, and never again. Return the answer, None if there was none."""
    try:
        return ask()
    except httpx.TransportError:
        return None


def ask_until_answered(ask: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Ask until the answer is a success, or a refusal that would be repeated."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = ask_once(ask)
        if answer is not None and is_final(answer):
            return answer
        time.sleep(0.2)
    return None


def is_final(answer: httpx.Response) -> bool:
    return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and "Retry-After" not in answer.headers
