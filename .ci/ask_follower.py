"""Starts a shop with a service that follows the orders, and compares the list that it keeps with what was placed."""

# ruff: noqa: S101, T201 - a script of CI, which says what it sees

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from driver.shop import Shop
from driver.waiting import eventually
from stack.stack import Stack

WITHIN = 30.0  # seconds, on a machine that tests beside


def main() -> None:
    """Place and cancel orders while the follower runs, and while it is dead."""
    with TemporaryDirectory() as data, Stack(data=Path(data)) as stack:
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        alice, clerk = shop.actor("customer", "alice"), shop.actor("staff", "clerk")
        follower = stack.part("shipping_follower")
        product_id = clerk.create_product(name="Desk lamp", stock_quantity=100).json()["id"]

        def place(count: int) -> list[int]:
            return [alice.place_order(product_id=product_id, quantity=2).json()["id"] for _ in range(count)]

        def listed() -> list[tuple[int, int, int]]:
            rows = clerk.request("GET", "/api/v1/shipping/", params={"page_size": 100}).json()["results"]
            return [(row["order_id"], row["quantity"], row["changes"]) for row in rows]

        first = place(20)
        assert alice.cancel_order(first[0]).status_code == 200
        wanted = [(order_id, 2, 1) for order_id in first[1:]]
        eventually(listed, lambda rows: rows == wanted, within=WITHIN)
        print(f"{len(wanted)} pending orders are listed once, and a canceled one is not")

        follower.kill()
        later = place(3)
        assert alice.change_order(later[0], quantity=5).status_code == 200
        assert alice.cancel_order(first[1]).status_code == 200
        follower.start()
        wanted = [*wanted[1:], (later[0], 5, 2), (later[1], 2, 1), (later[2], 2, 1)]
        eventually(listed, lambda rows: rows == wanted, within=WITHIN)
        print("after it was killed, it goes on where it stopped")

        lag = eventually(lambda: metric(follower.metrics_url, "feed_lag_seconds"), lambda lag: lag == 0, within=WITHIN)
        applied = metric(follower.metrics_url, "feed_events_applied_total")
        assert applied == 5, applied
        print(f"it has applied {applied:.0f} events since, and its lag is {lag:.0f} s")

        stack.part("order_service").stop()
        assert listed() == wanted
        print("the list answers without order_service")


def metric(url: str, name: str) -> float:
    """Return a value that the follower exposes."""
    exposed = httpx.get(url, trust_env=False).text
    return float(re.findall(rf'^{name}{{feed="orders"}} (\S+)$', exposed, flags=re.MULTILINE)[0])


if __name__ == "__main__":
    main()
