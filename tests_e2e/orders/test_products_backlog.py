"""With product_service down, requests that need no stock succeed; when it returns, the ledger soon balances."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from driver.ledger import ProductLedger
from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from stack.stack import Stack

SYNCED_WITHIN = 15.0  # seconds
ORDERS = 50  # of three units each; each gets four requests


@pytest.fixture
def seller(postgresql_shop: Shop) -> Actor:
    return postgresql_shop.actor("staff", f"clerk-{uuid4()}")


def test_200_requests_that_need_no_stock_succeed_while_products_is_down_and_the_ledger_balances_soon_after(
    postgresql_stack: Stack, postgresql_shop: Shop, seller: Actor
) -> None:
    buyer = postgresql_shop.actor("customer", f"buyer-{uuid4()}")
    product_id = seller.create_product(name=unique("Desk lamp"), stock_quantity=3 * ORDERS).json()["id"]
    orders = [buyer.place_order(product_id=product_id, quantity=3).json()["id"] for _ in range(ORDERS)]
    canceled, kept = orders[: ORDERS // 2], orders[ORDERS // 2 :]

    def through_its_life(order_id: int) -> list[int]:
        """Four requests: half of the orders are canceled, the others are made smaller and shipped."""
        if order_id in canceled:
            last = [buyer.cancel_order(order_id), buyer.cancel_order(order_id)]
        else:
            last = [buyer.change_order(order_id, quantity=1), seller.change_order(order_id, status="shipped")]
        answers = [buyer.get_order(order_id), buyer.list_orders(product_id=product_id), *last]
        return [answer.status_code for answer in answers]

    products = postgresql_stack.part("product_service")
    products.kill()
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(through_its_life, orders))
    products.start()

    def ledger() -> ProductLedger:
        return postgresql_shop.ledger.of_product(product_id)

    assert statuses == [[200] * 4] * ORDERS
    balanced = eventually(ledger, lambda seen: seen.is_balanced, within=SYNCED_WITHIN)
    assert balanced.promised == [1] * len(kept)
    assert balanced.stock == 3 * ORDERS - len(kept)
