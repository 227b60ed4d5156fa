"""Orders are placed through the gateway, across two services and two databases, or refused without a trace."""

import pytest

from driver.shop import Actor, Shop, unique
from stack.errors import StackError
from stack.stack import Stack
from support.problems import assert_problem


def test_an_order_is_placed_and_its_units_leave_the_stock(customer: Actor, clerk: Actor) -> None:
    product = clerk.create_product(name=unique("Desk lamp"), price="39.90", stock_quantity=10).json()

    answer = customer.place_order(product_id=product["id"], quantity=2)

    order = answer.json()
    assert (answer.status_code, order["status"], order["total_price"]) == (201, "pending", "79.80")
    assert (order["product_name"], order["unit_price"]) == (product["name"], "39.90")
    assert customer.request("GET", answer.headers["Location"]).json() == order
    assert clerk.get_product(product["id"]).json()["stock_quantity"] == 8


def test_an_order_for_an_unknown_product_is_refused_and_nothing_is_stored(customer: Actor) -> None:
    answer = customer.place_order(product_id=10**12, quantity=1)

    assert_problem(answer, "product-not-found", 422)
    assert customer.list_orders().json()["results"] == []


def test_an_order_for_more_than_the_stock_is_refused_and_changes_nothing(
    shop: Shop, customer: Actor, clerk: Actor
) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp"), stock_quantity=3).json()["id"]

    answer = customer.place_order(product_id=product_id, quantity=4)

    ledger = shop.ledger.of_product(product_id)
    assert_problem(answer, "insufficient-stock", 409)
    assert (ledger.stock, ledger.held, ledger.promised) == (3, [], [])


def test_two_products_with_one_name_are_distinct(customer: Actor, clerk: Actor) -> None:
    name = unique("Desk lamp")
    cheap = clerk.create_product(name=name, price="10.00", stock_quantity=5).json()["id"]
    dear = clerk.create_product(name=name, price="99.00", stock_quantity=5).json()["id"]

    order = customer.place_order(product_id=dear, quantity=1).json()

    assert (order["product_id"], order["unit_price"]) == (dear, "99.00")
    assert clerk.get_product(cheap).json()["stock_quantity"] == 5
    assert clerk.get_product(dear).json()["stock_quantity"] == 4


def test_the_command_places_an_order_by_the_products_whole_name(stack: Stack, customer: Actor, clerk: Actor) -> None:
    name = unique("Desk lamp")
    product_id = clerk.create_product(name=name).json()["id"]
    clerk.create_product(name=f"{name} XL")

    stack.order_service.run("place_order", "--product", name, "--quantity", "2", "--owner", customer.subject)

    (order,) = customer.list_orders().json()["results"]
    assert (order["product_id"], order["quantity"]) == (product_id, 2)


def test_the_command_refuses_a_name_that_two_products_have(stack: Stack, customer: Actor, clerk: Actor) -> None:
    name = unique("Desk lamp")
    ids = [clerk.create_product(name=name).json()["id"] for _ in range(2)]

    with pytest.raises(StackError, match=f"{ids[0]}, {ids[1]}"):
        stack.order_service.run("place_order", "--product", name, "--quantity", "1", "--owner", customer.subject)

    assert customer.list_orders().json()["results"] == []


def test_the_command_refuses_a_name_that_no_product_has(stack: Stack) -> None:
    with pytest.raises(StackError, match="No product is named"):
        stack.order_service.run("place_order", "--product", unique("Ghost"), "--quantity", "1")
