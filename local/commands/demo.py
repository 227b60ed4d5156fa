"""`make demo`: a newcomer's tour of the shop, every answer shown and checked."""

import httpx

from commands.transcript import Transcript
from driver.shop import Actor, Shop
from stack.stack import Stack

KEY = "demo-order-1"


def demo() -> bool:
    """Start a shop, walk through it and stop it. It returns whether all was as expected."""
    transcript = Transcript()
    transcript.say("Starting two services, the reconciler and the gateway, on free ports with SQLite ...")
    with Stack() as stack:
        shop = Shop(
            public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys, observer=transcript.show
        )
        transcript.say(f"The shop is open at {stack.public_url}")
        transcript.step("Both APIs can be read and tried in a browser")
        transcript.say(f"  {stack.public_url}/docs/")
        transcript.expect_equal("HTTP status", httpx.get(f"{stack.public_url}/docs/", trust_env=False).status_code, 200)
        product_id = _stock_the_shelf(transcript, shop.actor("staff", "clerk"))
        _refuse(transcript, shop.actor("customer", "alice"), product_id)
        _order(transcript, shop, product_id)
        shop.close()
    transcript.say("Stopped everything.")
    return transcript.conclude()


def _stock_the_shelf(transcript: Transcript, clerk: Actor) -> int:
    transcript.step("A clerk puts a product on sale")
    created = clerk.create_product(name="Desk lamp", price="39.90", stock_quantity=10)
    transcript.expect(created, 201, {"stock_quantity": 10})
    transcript.step("Anyone can find it")
    found = clerk.list_products(name="lamp")
    transcript.expect(found, 200)
    transcript.expect_equal("products found", len(found.json().get("results", [])), 1)
    return int(created.json().get("id", 0))


def _refuse(transcript: Transcript, alice: Actor, product_id: int) -> None:
    transcript.step("An order for a product that does not exist is refused")
    unknown = alice.place_order(product_id=product_id + 1000, quantity=1)
    transcript.expect(unknown, 422, {"type": "/problems/product-not-found"})
    transcript.step("An order for more than there is is refused")
    too_many = alice.place_order(product_id=product_id, quantity=11)
    transcript.expect(too_many, 409, {"type": "/problems/insufficient-stock"})
    transcript.step("Neither left a trace")
    transcript.expect_equal("orders", alice.list_orders().json().get("results"), [])
    transcript.expect(alice.get_product(product_id), 200, {"stock_quantity": 10})


def _order(transcript: Transcript, shop: Shop, product_id: int) -> None:
    alice, clerk = shop.actor("customer", "alice"), shop.actor("staff", "clerk")
    transcript.step("Alice orders two lamps, with a key so that she may safely repeat herself")
    first = alice.place_order(product_id=product_id, quantity=2, key=KEY)
    transcript.expect(first, 201, {"quantity": 2, "total_price": "79.80", "status": "pending"})
    order_id = int(first.json().get("id", 0))
    transcript.step("She repeats it, as after a lost answer: the same order, not a second one")
    again = alice.place_order(product_id=product_id, quantity=2, key=KEY)
    transcript.expect(again, 201, {"id": order_id})
    transcript.expect_equal("Idempotent-Replayed", again.headers.get("Idempotent-Replayed"), "true")
    transcript.expect_equal("the answer", "the same" if again.content == first.content else "another", "the same")
    transcript.step("She wants three")
    transcript.expect(alice.change_order(order_id, quantity=3), 200, {"quantity": 3})
    transcript.step("She orders one more and cancels it")
    second = alice.place_order(product_id=product_id, quantity=1)
    transcript.expect(second, 201)
    transcript.expect(alice.cancel_order(int(second.json().get("id", 0))), 200, {"status": "canceled"})
    transcript.step("Bob cannot see Alice's order")
    transcript.expect(shop.actor("customer", "bob").get_order(order_id), 404)
    transcript.step("The clerk ships it; after that it cannot be canceled")
    transcript.expect(clerk.change_order(order_id, status="shipped"), 200, {"status": "shipped"})
    transcript.expect(alice.cancel_order(order_id), 409, {"type": "/problems/invalid-transition"})
    transcript.step("The shelf holds what it should: 10 less the 3 that were shipped")
    transcript.expect_soon(lambda: alice.get_product(product_id), {"stock_quantity": 7})
