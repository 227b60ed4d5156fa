"""The products of a run, created before anything else: some scarce, some plentiful."""

import httpx

from chaos.seen import ProductSeen
from chaos.shop import ShopUnderTest
from driver.shop import Actor
from stack.errors import StackError
from stack.keys import role_token
from stack.ports import LOOPBACK

STOCKS = (5, 10, 20, 40, 80, 150, 300, 600, 1_000, 2_000, 5_000, 20_000)
PLENTY = 1_000_000  # for the probe


def make_products(shop: ShopUnderTest) -> list[ProductSeen]:
    """
    Create the products. The last one is the probe's.

    :raises StackError: if the shop refuses one.
    """
    with httpx.Client(base_url=f"http://{LOOPBACK}:{shop.gateway_port}", timeout=10, trust_env=False) as client:
        clerk = Actor(client, "clerk", role_token(shop.keys, role="staff", subject="clerk"))
        return [_make(clerk, number, stock) for number, stock in enumerate((*STOCKS, PLENTY), start=1)]


def _make(clerk: Actor, number: int, stock: int) -> ProductSeen:
    answer = clerk.create_product(name=f"Lamp {number}", price=f"{number}.50", stock_quantity=stock)
    if not answer.is_success:
        raise StackError(f"A product could not be created: {answer.text}")
    made = answer.json()
    return ProductSeen(
        id=made["id"], name=made["name"], price=made["price"], stock=made["stock_quantity"], adjusted=stock
    )
