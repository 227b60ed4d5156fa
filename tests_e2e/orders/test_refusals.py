"""A request that is refused before any units were requested changes no row of either service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from driver.shop import Actor, Shop, unique
from stack.stack import Stack
from support.problems import assert_problem
from support.rows import stored_rows

PRODUCTS, PRODUCT, ADJUSTMENTS = (
    "/api/v1/products/",
    "/api/v1/products/{product}/",
    "/api/v1/products/{product}/stock-adjustments/",
)
ORDERS, ORDER, CANCELED = "/api/v1/orders/", "/api/v1/orders/{order}/", "/api/v1/orders/{canceled}/"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Refused:
    """A request, its body as it is written, and the problem that it is answered with."""

    request: str
    body: str
    problem: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


LAMP = '{"name": "Lamp", "price": "1.00"}'
REFUSED = {
    "no body": Refused(f"POST {PRODUCTS}", "", "invalid-request", 400),
    "no JSON": Refused(f"POST {PRODUCTS}", "name=Lamp", "invalid-request", 400),
    "another type": Refused(f"POST {PRODUCTS}", LAMP, "unsupported-media-type", 415, {"Content-Type": "text/plain"}),
    "a key twice": Refused(f"POST {PRODUCTS}", LAMP[:-1] + ', "name": "Lamp"}', "invalid-request", 400),
    "an unknown field": Refused(f"POST {PRODUCTS}", LAMP[:-1] + ', "colour": "red"}', "invalid-request", 400),
    "a negative price": Refused(f"POST {PRODUCTS}", '{"name": "Lamp", "price": "-1"}', "invalid-request", 400),
    "no number": Refused(f"POST {PRODUCTS}", '{"name": "Lamp", "price": NaN}', "invalid-request", 400),
    "an endless number": Refused(f"POST {PRODUCTS}", '{"name": "Lamp", "price": 1e999}', "invalid-request", 400),
    "a deep body": Refused(f"POST {PRODUCTS}", "[" * 5000 + "]" * 5000, "invalid-request", 400),
    "a large body": Refused(f"POST {PRODUCTS}", '"' + "x" * 70_000 + '"', "payload-too-large", 413),
    "a stale edit": Refused(f"PATCH {PRODUCT}", '{"price": "2"}', "precondition-failed", 412, {"If-Match": '"old"'}),
    "a stale withdrawal": Refused(f"DELETE {PRODUCT}", "", "precondition-failed", 412, {"If-Match": '"old"'}),
    "a negative stock": Refused(f"PATCH {PRODUCT}", '{"stock_quantity": -1}', "invalid-request", 400),
    "too large a loss": Refused(f"POST {ADJUSTMENTS}", '{"delta": -999, "reason": "x"}', "insufficient-stock", 409),
    "a used key": Refused(
        f"POST {ORDERS}", '{"product_id": 1, "quantity": 7}', "idempotency-key-reused", 422, {"Idempotency-Key": "used"}
    ),
    "a long key": Refused(
        f"POST {ORDERS}", '{"product_id": 1, "quantity": 1}', "invalid-request", 400, {"Idempotency-Key": "k" * 256}
    ),
    "no units": Refused(f"POST {ORDERS}", '{"product_id": 1, "quantity": 0}', "invalid-request", 400),
    "no integer": Refused(f"POST {ORDERS}", '{"product_id": 1, "quantity": "1_000"}', "invalid-request", 400),
    "a leap": Refused(f"PATCH {ORDER}", '{"status": "delivered"}', "invalid-transition", 409),
    "a return": Refused(f"PATCH {CANCELED}", '{"status": "pending"}', "invalid-transition", 409),
    "more of what was canceled": Refused(f"PATCH {CANCELED}", '{"quantity": 9}', "invalid-transition", 409),
    "an unknown order": Refused("PATCH /api/v1/orders/999999/", '{"quantity": 1}', "not-found", 404),
    "an unknown method": Refused(f"DELETE {ORDER}", "", "method-not-allowed", 405),
    "an unknown parameter": Refused(f"GET {ORDERS}?colour=red", "", "invalid-request", 400),
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A shop that no other test uses, so that its rows can be compared."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def boss(shop: Shop) -> Actor:
    """An actor with every scope, so that no request is refused for lack of one."""
    return shop.actor("staff", "boss")


@pytest.fixture(scope="module")
def ids(stack: Stack, boss: Actor) -> dict[str, int]:
    """A product, a pending order of it and a canceled one, with nothing left to be synchronized."""
    product = boss.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"]
    order, canceled = (
        boss.place_order(product_id=product, quantity=2, key=key).json()["id"] for key in ("used", "another")
    )
    boss.cancel_order(canceled)
    stack.order_service.run("run_reconciler", "--once")
    return {"product": product, "order": order, "canceled": canceled}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_request_changes_no_row(stack: Stack, boss: Actor, ids: dict[str, int], refused: Refused) -> None:
    rows = stored_rows(stack)
    method, path = refused.request.format(**ids).split(" ")

    answer = boss.request(method, path, content=refused.body.encode(), headers={**JSON, **refused.headers})

    assert_problem(answer, refused.problem, refused.status)
    assert stored_rows(stack) == rows
