"""More units of an order are never sold at a price that the product no longer has."""

import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from support.problems import assert_problem

pytestmark = pytest.mark.since("product_service", "0.2.0")


def order_before_the_correction(customer: Actor, clerk: Actor) -> tuple[int, int]:
    """Order a unit at a mistyped price, which is then corrected. Return the product and the order."""
    product_id = clerk.create_product(name=unique("Desk lamp"), price="0.01", stock_quantity=400).json()["id"]
    order_id = customer.place_order(product_id=product_id, quantity=1).json()["id"]
    assert clerk.edit_product(product_id, price="499.00").is_success
    return product_id, order_id


@pytest.mark.since("order_service", "0.2.0")
def test_more_units_are_refused_with_the_price_of_today(customer: Actor, clerk: Actor) -> None:
    _, order_id = order_before_the_correction(customer, clerk)

    answer = customer.change_order(order_id, quantity=400)

    assert_problem(answer, "price-changed", 409)
    assert "499.00" in answer.json()["detail"]


def test_the_order_keeps_its_units_and_no_more_whichever_release_asks(
    shop: Shop, customer: Actor, clerk: Actor
) -> None:
    product_id, order_id = order_before_the_correction(customer, clerk)

    answer = customer.change_order(order_id, quantity=400)

    assert answer.status_code in {409, 503}
    ledger = eventually(lambda: shop.ledger.of_product(product_id), lambda seen: seen.is_balanced, within=15)
    assert (ledger.stock, ledger.promised) == (399, [1])
    assert customer.cancel_order(order_id).status_code == 200
