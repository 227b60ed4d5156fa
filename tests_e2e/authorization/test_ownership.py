"""For any customer but its owner an order does not exist, and no request can change its owner."""

import pytest

from driver.shop import Actor, unique
from support.problems import assert_problem

# What an order is made of beside the product and the quantity; none of it is the client's to say.
OWN = {
    "id": 1,
    "owner": "somebody-else",
    "product_name": "Gold",
    "price": "0.01",
    "unit_price": "0.01",
    "total_price": "0.01",
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "placement": "live",
    "failure": "",
    "reservation_id": "00000000-0000-4000-8000-000000000000",
    "revision": 99,
    "synced_revision": 99,
    "target_quantity": 99,
    "next_sync_at": None,
    "attempts": 0,
    "idempotency_key": "somebody-elses-key",
    "placed_quantity": 99,
    "placed_at": "2001-01-01T00:00:00Z",
}


@pytest.fixture
def product_id(clerk: Actor) -> int:
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=100).json()["id"])


@pytest.fixture
def order_id(customer: Actor, product_id: int) -> int:
    return int(customer.place_order(product_id=product_id, quantity=2).json()["id"])


def test_another_customer_cannot_read_it(stranger: Actor, order_id: int) -> None:
    assert_problem(stranger.get_order(order_id), "not-found", 404)


@pytest.mark.parametrize("change", [{"quantity": 1}, {"quantity": 3}, {"status": "canceled"}])
def test_another_customer_cannot_change_it(
    customer: Actor, stranger: Actor, order_id: int, change: dict[str, object]
) -> None:
    before = customer.get_order(order_id).json()

    answer = stranger.change_order(order_id, **change)

    assert_problem(answer, "not-found", 404)
    assert customer.get_order(order_id).json() == before


def test_it_looks_like_one_that_does_not_exist(stranger: Actor, order_id: int) -> None:
    foreign, absent = stranger.get_order(order_id).json(), stranger.get_order(10**12).json()

    assert foreign.pop("detail").replace(str(order_id), "N") == absent.pop("detail").replace(str(10**12), "N")
    assert {**foreign, "instance": ""} == {**absent, "instance": ""}


@pytest.mark.parametrize("filters", [{}, {"status": "pending"}, {"created_after": "2001-01-01T00:00:00Z"}])
def test_another_customer_does_not_find_it(stranger: Actor, order_id: int, filters: dict[str, str]) -> None:
    assert order_id not in [order["id"] for order in stranger.list_orders(**filters).json()["results"]]


def test_another_customer_does_not_find_it_by_its_product(
    stranger: Actor, clerk: Actor, product_id: int, order_id: int
) -> None:
    assert stranger.list_orders(product_id=product_id).json()["results"] == []
    assert [order["id"] for order in clerk.list_orders(product_id=product_id).json()["results"]] == [order_id]


def test_the_same_key_of_two_owners_makes_two_orders(customer: Actor, stranger: Actor, product_id: int) -> None:
    key = unique("key")
    first = customer.place_order(product_id=product_id, quantity=1, key=key)

    other = stranger.place_order(product_id=product_id, quantity=2, key=key)
    again = customer.place_order(product_id=product_id, quantity=1, key=key)

    assert (other.status_code, "Idempotent-Replayed" in other.headers) == (201, False)
    assert other.json()["id"] != first.json()["id"]
    assert again.content == first.content


@pytest.mark.parametrize("field", [*OWN, "status"])
def test_a_client_cannot_set_any_other_field_of_a_new_order(customer: Actor, product_id: int, field: str) -> None:
    body = {"product_id": product_id, "quantity": 1, field: OWN.get(field, "shipped")}

    answer = customer.request("POST", "/api/v1/orders/", json=body)

    assert_problem(answer, "invalid-request", 400)
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    assert customer.list_orders().json()["results"] == []


@pytest.mark.parametrize("field", [*OWN, "product_id"])
def test_no_other_field_of_an_order_can_be_changed(customer: Actor, order_id: int, field: str) -> None:
    before = customer.get_order(order_id).json()

    answer = customer.change_order(order_id, quantity=1, **{field: OWN.get(field, 1)})

    assert_problem(answer, "invalid-request", 400)
    assert customer.get_order(order_id).json() == before


@pytest.mark.parametrize("status", ["shipped", "delivered", "pending"])
def test_only_the_staff_moves_an_order_on(customer: Actor, order_id: int, status: str) -> None:
    answer = customer.change_order(order_id, status=status)

    assert_problem(answer, "permission-denied", 403)
    assert customer.get_order(order_id).json()["status"] == "pending"
