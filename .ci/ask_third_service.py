"""Starts a shop with a third service, and asks that one through the gateway."""

# ruff: noqa: S101, T201 - a script of CI, which says what it sees

from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from commands.admin_user import make_admin_user, new_password
from driver.shop import Shop
from stack.stack import Stack

PATH = "/api/v1/shipping/{}/"


def main() -> None:
    """Ask as the owner of an order, as others, as the service itself, and without order_service."""
    with TemporaryDirectory() as data, Stack(data=Path(data), admin=True) as stack:
        make_admin_user(data=Path(data), shop="local", name="anna", password=new_password())
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        alice, mallory, clerk = (
            shop.actor(role, name)
            for role, name in (("customer", "alice"), ("customer", "mallory"), ("staff", "clerk"))
        )
        product_id = clerk.create_product(name="Desk lamp", stock_quantity=10).json()["id"]
        order_id = alice.place_order(product_id=product_id, quantity=2).json()["id"]
        path = PATH.format(order_id)

        expect("the owner", alice.request("GET", path), 200)
        expect("staff", clerk.request("GET", path), 200)
        expect("a stranger", mallory.request("GET", path), 404, "not-found")
        expect("nobody", shop.anonymous().request("GET", path), 401, "not-authenticated")
        expect("the first endpoint of its own", alice.request("GET", f"{path}label/"), 200)
        printed = stack.services["shipping_service"].run("summarize_order", str(order_id))
        assert printed == f"Order {order_id}: 2 x Desk lamp\n", printed
        for address in ("/docs/shipping_service.yaml", "/problems/orders-unavailable"):
            expect(address, httpx.get(stack.public_url + address, trust_env=False), 200)
        expect("metrics", httpx.get(f"{stack.internal_url}/shipping_service/metrics", trust_env=False), 200)

        stack.part("order_service").stop()
        expect("the owner, without order_service", alice.request("GET", path), 503, "orders-unavailable")
        stack.part("shipping_service").stop()
        expect("the owner, without shipping_service", alice.request("GET", path), 502, "bad-gateway")
        expect("products, without both", alice.list_products(), 200)


def expect(who: str, answer: httpx.Response, status: int, problem: str = "") -> None:
    """Compare an answer, and print it."""
    print(f"{who}: {answer.status_code} {problem}")
    assert answer.status_code == status, answer.text
    assert not problem or answer.json()["type"] == f"/problems/{problem}", answer.text


if __name__ == "__main__":
    main()
