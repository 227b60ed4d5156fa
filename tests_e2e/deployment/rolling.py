"""Replaces every part of a shop in a cluster under load: python -m deployment.rolling URL KEYS [ROUNDS]."""

import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from stack.keys import Keys, role_token

CLIENTS = 12
LATER = 60.0  # seconds after a roll-out in which its old pods still serve and end
DEPLOYMENTS = ("order-service", "product-service", "gateway")


@dataclass(frozen=True)
class Load:
    """Customers who place an order and cancel it, over and over, and repeat no request that failed."""

    url: str
    keys: Keys
    product: int
    stopping: threading.Event = field(default_factory=threading.Event)
    outcomes: Counter[str] = field(default_factory=Counter)

    def customer(self, number: int) -> None:
        token = role_token(self.keys, role="customer", subject=f"customer {number}")
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
            while not self.stopping.is_set():
                order = self._send(client, "POST", "/api/v1/orders/", {"product_id": self.product, "quantity": 1})
                if order is not None:
                    self._send(client, "PATCH", f"/api/v1/orders/{order}/", {"status": "canceled"})

    def _send(self, client: httpx.Client, method: str, path: str, body: dict[str, object]) -> int | None:
        """Return the id of the order, if the answer has one."""
        try:
            answer = client.request(method, path, json=body)
        except httpx.HTTPError as error:
            self.outcomes[repr(error)] += 1
            return None
        self.outcomes["ok" if answer.is_success else f"{answer.status_code} {answer.text}"] += 1
        return int(answer.json()["id"]) if answer.is_success else None


def kubectl(*arguments: str) -> None:
    subprocess.run(["kubectl", "--namespace", "shop", *arguments], check=True)  # noqa: S607 - the one on PATH


def add_product(url: str, keys: Keys) -> int:
    token = role_token(keys, role="staff", subject="clerk")
    lamp = {"name": "Lamp of the roll-outs", "price": "19.90", "stock_quantity": 1_000_000}
    answer = httpx.post(f"{url}/api/v1/products/", json=lamp, headers={"Authorization": f"Bearer {token}"})
    return int(answer.raise_for_status().json()["id"])


def main(url: str, folder: str, rounds: str = "3") -> str | None:
    """Return what failed, or nothing."""
    keys = Keys(Path(folder))
    load = Load(url, keys, add_product(url, keys))
    with ThreadPoolExecutor(CLIENTS) as pool:
        customers = [pool.submit(load.customer, number) for number in range(CLIENTS)]
        try:
            for deployment in DEPLOYMENTS * int(rounds):
                kubectl("rollout", "restart", f"deployment/{deployment}")
                kubectl("rollout", "status", f"deployment/{deployment}", "--timeout", "5m")
                time.sleep(LATER)
                sys.stdout.write(f"{deployment}: {dict(load.outcomes)}\n")
        finally:
            load.stopping.set()
        for each in customers:
            each.result()
    failed = load.outcomes - Counter({"ok": load.outcomes["ok"]})
    return f"{failed.total()} of {load.outcomes.total()} requests failed" if failed else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
