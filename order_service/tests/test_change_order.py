"""Changing an order: from every status to every other, with every kind of quantity, by its owner and by staff."""

from itertools import product
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile, requested
from tests.factories import order_in, order_url, place, read

pytestmark = pytest.mark.django_db

QUANTITIES = {"no quantity": None, "fewer": 1, "as many": 2, "more": 5}
BODIES = [
    pytest.param(goal, quantity, id=f"to {goal or 'no status'}, {word}")
    for goal, (word, quantity) in product([None, *Status], QUANTITIES.items())
    if goal or quantity
]
ALLOWED = {
    *(("pending", goal) for goal in ("pending", "shipped", "canceled")),
    *(("shipped", goal) for goal in ("shipped", "delivered")),
    *(("delivered", "delivered"), ("canceled", "canceled")),
}


def expected_status(origin: Status, goal: Status | None, quantity: int | None, who: str) -> int:
    """Return the documented HTTP status."""
    if who == "customer" and goal not in {None, Status.CANCELED}:
        return 403
    if (origin, goal or origin) not in ALLOWED:
        return 409
    if origin != Status.PENDING and quantity not in {None, 2}:
        return 409
    return 200


@pytest.mark.parametrize("who", ["customer", "clerk"])
@pytest.mark.parametrize("origin", Status)
@pytest.mark.parametrize(("goal", "quantity"), BODIES)
def test_each_change_has_the_documented_effect_or_none(
    products: FakeProductsApi,
    lamp: int,
    request: pytest.FixtureRequest,
    who: str,
    origin: Status,
    goal: Status | None,
    quantity: int | None,
) -> None:
    client: APIClient = request.getfixturevalue(who)
    order = order_in(origin, lamp)
    reconcile()
    before, calls = read(order), len(products.requests)
    body = {name: value for name, value in {"status": goal, "quantity": quantity}.items() if value}

    response = client.patch(order_url(order), body)

    status = expected_status(origin, goal, quantity, who)
    assert response.status_code == status
    if status == 200:
        after = client.get(order_url(order)).json()
        assert response.json() == after
        assert (after["status"], after["quantity"]) == (goal or origin, quantity or 2)
        reconcile()
        assert agrees(products, lamp)
    else:
        assert_problem(response, status=status, slug="permission-denied" if status == 403 else "invalid-transition")
        assert read(order).__dict__ | {"_state": None} == before.__dict__ | {"_state": None}
        assert len(products.requests) == calls


@pytest.mark.parametrize("change", [{"quantity": 2}, {"status": "pending"}, {"quantity": 2, "status": "pending"}])
def test_a_request_for_what_the_order_is_already_changes_nothing(
    clerk: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any]
) -> None:
    order = place(lamp)

    response = clerk.patch(order_url(order), change)

    assert response.status_code == 200
    assert response.json()["updated_at"] == clerk.get(order_url(order)).json()["updated_at"]
    assert read(order).updated_at == order.updated_at
    assert read(order).revision == 1
    assert requested(products) == [(2, 1)]


def test_a_change_is_seen_in_its_time(clerk: APIClient, lamp: int) -> None:
    order = place(lamp)

    clerk.patch(order_url(order), {"status": "shipped"})

    changed = read(order)
    assert changed.updated_at > order.updated_at
    assert changed.created_at == order.created_at


def test_a_refused_transition_says_why(clerk: APIClient, customer: APIClient, lamp: int) -> None:
    order = order_in(Status.DELIVERED, lamp)

    moved = clerk.patch(order_url(order), {"status": "canceled"})
    resized = clerk.patch(order_url(order), {"quantity": 1})
    unauthorized = customer.patch(order_url(order), {"status": "shipped"})

    assert moved.json()["detail"] == "A delivered order cannot become canceled."
    assert resized.json()["detail"] == "The quantity of a delivered order cannot change."
    assert "orders:manage" in unauthorized.json()["detail"]


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_strangers_order_is_not_found(stranger: APIClient, products: FakeProductsApi, lamp: int, method: str) -> None:
    order = place(lamp)

    response = getattr(stranger, method)(order_url(order), {"status": "canceled"} if method == "patch" else None)

    assert_problem(response, status=404, slug="not-found")
    assert read(order).status == "pending"


@pytest.mark.parametrize(
    "change",
    [{"status": "shipped"}, {"status": "canceled"}, {"quantity": 1}, {"quantity": 5, "status": "canceled"}],
    ids=repr,
)
def test_r8_only_an_increase_calls_product_service_and_name_and_price_stay_those_of_the_placement(
    clerk: APIClient, products: FakeProductsApi, lamp: int, change: dict[str, Any]
) -> None:
    order = place(lamp)
    products.products[lamp].name, products.products[lamp].price = "Renamed", "999.00"

    changed = clerk.patch(order_url(order), change).json()

    assert requested(products) == [(2, 1)]
    assert (changed["product_name"], changed["unit_price"]) == ("Desk lamp", "19.90")


@pytest.mark.parametrize("quantity", [{}, {"quantity": 300}], ids=["alone", "with the same large quantity"])
def test_r8_shipping_and_delivering_leave_the_revision_alone(
    clerk: APIClient, products: FakeProductsApi, quantity: dict[str, int]
) -> None:
    order = place(products.add_product(stock=300), 300)
    products.unreachable = True

    answers = [clerk.patch(order_url(order), {"status": step, **quantity}) for step in ("shipped", "delivered")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (read(order).revision, read(order).next_sync_at) == (1, None)
