"""Authorization: every route of both contracts, requested by every kind of caller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from driver.contracts import METHODS, Route, routes
from driver.refusals import check_refusal
from driver.shop import Actor, Shop, unique
from driver.tokens import BAD, service_token
from releases.since import is_older
from stack.registry import further_services
from stack.stack import Stack
from support.problems import assert_problem
from support.rows import stored_rows

FURTHER = {entry.name for entry in further_services()}  # their own tests say who may do what
ROUTES = [route for route in routes() if route.service not in FURTHER]
CALLERS = ("nobody", "customer", "another customer", "staff", "service")

# The status that each of CALLERS gets. The customer is the owner of the order that is asked for.
TABLE: Mapping[str, tuple[int, int, int, int, int]] = {
    "GET /api/v1/products/": (200, 200, 200, 200, 200),
    "POST /api/v1/products/": (401, 403, 403, 201, 403),
    "GET /api/v1/products/{product_id}/": (200, 200, 200, 200, 200),
    "PATCH /api/v1/products/{product_id}/": (401, 403, 403, 200, 403),
    "DELETE /api/v1/products/{product_id}/": (401, 403, 403, 204, 403),
    "GET /api/v1/products/{product_id}/stock-adjustments/": (401, 403, 403, 200, 403),
    "POST /api/v1/products/{product_id}/stock-adjustments/": (401, 403, 403, 201, 403),
    "GET /internal/v1/reservations/": (401, 403, 403, 403, 200),
    "POST /internal/v1/reservations/": (401, 403, 403, 403, 200),
    "GET /internal/v1/reservations/{reservation_id}/": (401, 403, 403, 403, 200),
    "GET /internal/v1/balances/": (401, 403, 403, 403, 200),
    "GET /api/v1/orders/": (401, 200, 200, 200, 401),
    "POST /api/v1/orders/": (401, 201, 201, 201, 401),
    "GET /api/v1/orders/{order_id}/": (401, 200, 404, 200, 401),
    "PATCH /api/v1/orders/{order_id}/": (401, 200, 404, 200, 401),
    "GET /api/v1/orders/{order_id}/history/": (401, 200, 404, 200, 401),
    "GET /internal/v1/order-events/": (401, 403, 403, 403, 401),
}
# What order_service 0.1.0 does not have.
NEWER = {"GET /api/v1/orders/{order_id}/history/", "GET /internal/v1/order-events/"}


@dataclass(frozen=True)
class Things:
    """The resources of the requests: an order of the customer, its product and its reservation."""

    product_id: int
    order_id: int
    reservation_id: str

    def path(self, route: Route) -> str:
        return route.path.format(**vars(self))

    def body(self, route: Route) -> dict[str, object] | None:
        """A body that is valid and, where it is allowed, changes as little as possible."""
        desired = {"id": str(uuid4()), "product_id": self.product_id, "quantity": 0, "revision": 1}
        bodies: dict[str, dict[str, object]] = {
            "POST /api/v1/products/": {"name": unique("Desk lamp"), "price": "1.00"},
            "PATCH /api/v1/products/{product_id}/": {"description": unique("brighter")},
            "POST /api/v1/products/{product_id}/stock-adjustments/": {"delta": 1, "reason": "found"},
            "POST /internal/v1/reservations/": {"reservations": [desired]},
            "POST /api/v1/orders/": {"product_id": self.product_id, "quantity": 1},
            "PATCH /api/v1/orders/{order_id}/": {"quantity": 1},
        }
        return bodies.get(str(route))


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
def internal(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the internal listener."""
    with httpx.Client(
        base_url=stack.internal_url, trust_env=False, event_hooks={"response": [check_refusal]}
    ) as client:
        yield client


@pytest.fixture
def callers(shop: Shop, customer: Actor, stranger: Actor, clerk: Actor) -> dict[str, Actor]:
    service = shop.bearer(service_token(shop.keys))
    good = dict(zip(CALLERS, (shop.anonymous(), customer, stranger, clerk, service), strict=True))
    return good | {name: shop.bearer(make(shop.keys)) for name, make in BAD.items()}


@pytest.fixture
def things(shop: Shop, customer: Actor, clerk: Actor) -> Things:
    product_id = clerk.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"]
    order_id = customer.place_order(product_id=product_id, quantity=1).json()["id"]
    (reservation,) = shop.ledger.reservations(product_id)
    return Things(product_id, order_id, reservation["id"])


def ask(route: Route, caller: Actor, things: Things, internal: httpx.Client) -> httpx.Response:
    asking = Actor(internal, caller.subject, caller.token) if route.is_internal else caller
    return asking.request(route.method, things.path(route), json=things.body(route))


def test_the_table_has_every_route_of_both_contracts_and_no_other() -> None:
    missing = NEWER if is_older("order_service", "0.2.0") else set()

    assert {str(route) for route in ROUTES} == set(TABLE) - missing


def test_an_order_shows_in_the_rows_of_both_services(stack: Stack, customer: Actor, things: Things) -> None:
    before = stored_rows(stack)

    customer.place_order(product_id=things.product_id, quantity=1)

    after = stored_rows(stack)
    assert {name for name in before if after[name] != before[name]} == {"product_service", "order_service"}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_each_caller_gets_the_status_of_the_table_and_a_refused_one_changes_no_row(
    stack: Stack, callers: dict[str, Actor], things: Things, internal: httpx.Client, route: Route
) -> None:
    expected = dict(zip(CALLERS, TABLE[str(route)], strict=True)) | dict.fromkeys(BAD, 401)
    refused = [name for name, status in expected.items() if status >= 400]
    rows = stored_rows(stack)

    got = {name: ask(route, callers[name], things, internal).status_code for name in refused}
    rows_after_refusals = stored_rows(stack)
    got |= {name: ask(route, callers[name], things, internal).status_code for name in expected if name not in refused}

    assert got == expected
    assert rows_after_refusals == rows


@pytest.mark.parametrize("route", [route for route in ROUTES if route.is_internal], ids=str)
def test_an_internal_route_does_not_exist_on_the_public_listener(
    callers: dict[str, Actor], things: Things, route: Route
) -> None:
    for caller in callers.values():
        answer = caller.request(route.method, things.path(route), json=things.body(route))

        assert_problem(answer, "not-found", 404)


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_a_method_that_is_not_in_the_contract_has_no_effect(
    callers: dict[str, Actor], things: Things, internal: httpx.Client, path: str
) -> None:
    offered = {route.method for route in ROUTES if route.path == path}
    (service,) = {route.service for route in ROUTES if route.path == path}
    # order_service trusts no service in this shop; whoever it knows is told the method.
    caller = callers["service" if service == "product_service" and path.startswith("/internal/") else "staff"]

    for method in set(METHODS) - offered:
        answer = ask(Route(service, method, path), caller, things, internal)

        assert_problem(answer, "method-not-allowed", 405)
        assert offered <= set(answer.headers["Allow"].split(", "))
