"""
Place one order, whatever happens on the way, and know for certain what became of it.

    SHOP=http://localhost:8080 TOKEN=... python place_order.py PRODUCT_ID QUANTITY [--key KEY]

It needs httpx and stamina. It prints the order and ends with 0, or with 1 if the shop refused it for good, or with 2 if
the shop gave no final answer in time: the same command with the key that it printed then goes on where it stopped.
"""

import argparse
import os
import sys
import uuid
from dataclasses import dataclass
from decimal import Decimal

import httpx
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

TIMEOUT = 60.0  # seconds for all tries together
WORTH_REPEATING = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Order:
    """An order that was placed. Fields that are added to the interface later are ignored."""

    id: int
    product_name: str
    quantity: int
    total_price: Decimal
    was_placed_before: bool


class Refused(Exception):
    """The shop's last word: nothing was ordered, and the same request is refused again."""

    def __init__(self, problem: dict[str, str]) -> None:
        super().__init__(problem["detail"])
        self.type = problem["type"]


class NotYet(Exception):
    """Nothing was ordered so far, or nobody knows: the same request with the same key is safe, and worth it."""

    def __init__(self, reason: str, *, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def place_order(shop: httpx.Client, *, product_id: int, quantity: int, key: str, timeout: float = TIMEOUT) -> Order:
    """
    Place an order under a key that was made once for it, and try until the answer is final.

    :param timeout: in seconds, for all tries together.
    :raises Refused: if the shop does not place it.
    :raises NotYet, httpx.TransportError: if there was no final answer in time.
    """

    @stamina.retry(on=_wait, attempts=None, timeout=timeout, wait_initial=0.2, wait_max=5.0)
    def attempt() -> Order:
        return _try(shop, {"product_id": product_id, "quantity": quantity}, key)

    return attempt()


def _try(shop: httpx.Client, body: dict[str, int], key: str) -> Order:
    answer = shop.post("/api/v1/orders/", json=body, headers={"Idempotency-Key": key})
    if answer.status_code == httpx.codes.CREATED:
        order = answer.json()
        return Order(
            id=order["id"],
            product_name=order["product_name"],
            quantity=order["quantity"],
            total_price=Decimal(order["total_price"]),
            was_placed_before=answer.headers.get("Idempotent-Replayed") == "true",
        )
    # With it, a 409 says: come back, the first request of this key is still under way.
    retry_after = answer.headers.get("Retry-After")
    if answer.status_code in WORTH_REPEATING or retry_after:
        raise NotYet(f"HTTP {answer.status_code} {answer.reason_phrase}", retry_after=float(retry_after or 0))
    raise Refused(answer.json())


def _wait(error: Exception) -> bool | float:
    """Say whether to try again: after as many seconds as the shop asks for, or with growing pauses."""
    if isinstance(error, NotYet):
        return error.retry_after or True
    return isinstance(error, httpx.TransportError)


def _report(details: RetryDetails) -> None:
    print(f"No final answer ({details.caused_by}); again in {details.wait_for:.1f} s", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description="Place one order.")
    parser.add_argument("product_id", type=int)
    parser.add_argument("quantity", type=int)
    parser.add_argument("--key", default=str(uuid.uuid4()), help="of an earlier run that had no final answer")
    arguments = parser.parse_args()

    set_on_retry_hooks([_report])
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    # Longer than the gateway's 6 s: an answer that is on its way is worth waiting for.
    with httpx.Client(base_url=os.environ.get("SHOP", "http://localhost:8080"), headers=headers, timeout=10) as shop:
        try:
            order = place_order(shop, product_id=arguments.product_id, quantity=arguments.quantity, key=arguments.key)
        except Refused as refusal:
            print(f"Not ordered: {refusal} ({refusal.type})", file=sys.stderr)
            return 1
        except (NotYet, httpx.TransportError) as error:
            print(f"No final answer ({error}). Go on with --key {arguments.key}", file=sys.stderr)
            return 2
    again = " (placed before)" if order.was_placed_before else ""
    print(f"Order {order.id}: {order.quantity} x {order.product_name}, {order.total_price} in all{again}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
