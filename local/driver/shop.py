"""The shop as its clients use it: addresses, actors with tokens, and one method for each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import httpx

from driver.ledger import Ledger
from driver.refusals import check_refusal
from stack.keys import Keys, role_token

TIMEOUT = 10.0  # seconds; longer than the gateway's timeout


def unique(word: str) -> str:
    """Return a name that no other test uses, so that no test has to clean up."""
    return f"{word} {uuid4().hex[:12]}"


@dataclass(frozen=True)
class Actor:
    """An actor who sends requests. Every method returns the answer as it came, refusals too."""

    client: httpx.Client
    subject: str
    token: str | None

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send any request with this actor's token, its body as JSON or as it is."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {**own, **(headers or {})}
        return self.client.request(method, path, json=json, content=content, params=params, headers=sent)

    def create_product(
        self, *, name: str, price: str = "19.90", stock_quantity: int = 10, **fields: object
    ) -> httpx.Response:
        body = {"name": name, "price": price, "stock_quantity": stock_quantity, **fields}
        return self.request("POST", "/api/v1/products/", json=body)

    def list_products(self, **filters: str | int) -> httpx.Response:
        return self.request("GET", "/api/v1/products/", params=filters)

    def get_product(self, product_id: int) -> httpx.Response:
        return self.request("GET", f"/api/v1/products/{product_id}/")

    def edit_product(self, product_id: int, *, if_match: str | None = None, **fields: object) -> httpx.Response:
        headers = {"If-Match": if_match} if if_match else {}
        return self.request("PATCH", f"/api/v1/products/{product_id}/", json=fields, headers=headers)

    def delete_product(self, product_id: int) -> httpx.Response:
        return self.request("DELETE", f"/api/v1/products/{product_id}/")

    def adjust_stock(self, product_id: int, *, delta: int, reason: str, key: str | None = None) -> httpx.Response:
        path = f"/api/v1/products/{product_id}/stock-adjustments/"
        return self.request("POST", path, json={"delta": delta, "reason": reason}, headers=_keyed(key))

    def place_order(self, *, product_id: int, quantity: int, key: str | None = None) -> httpx.Response:
        body = {"product_id": product_id, "quantity": quantity}
        return self.request("POST", "/api/v1/orders/", json=body, headers=_keyed(key))

    def list_orders(self, **filters: str | int) -> httpx.Response:
        return self.request("GET", "/api/v1/orders/", params=filters)

    def get_order(self, order_id: int) -> httpx.Response:
        return self.request("GET", f"/api/v1/orders/{order_id}/")

    def change_order(self, order_id: int, **fields: object) -> httpx.Response:
        return self.request("PATCH", f"/api/v1/orders/{order_id}/", json=fields)

    def cancel_order(self, order_id: int) -> httpx.Response:
        return self.change_order(order_id, status="canceled")


class Shop:
    """
    A running shop behind its two addresses.

    :param keys: what the shop's tokens are signed with.
    :param observer: is shown every answer that an actor gets; by default, it checks that refusals are as documented.
    """

    def __init__(
        self,
        *,
        public_url: str,
        internal_url: str,
        keys: Keys,
        observer: Callable[[httpx.Response], None] = check_refusal,
    ) -> None:
        self.public_url = public_url
        self.internal_url = internal_url
        self.keys = keys
        limits = httpx.Limits(max_connections=None)  # the test decides how many requests there are at once
        self._client = httpx.Client(
            base_url=public_url,
            timeout=TIMEOUT,
            limits=limits,
            trust_env=False,
            event_hooks={"response": [observer]},
        )
        self.ledger = Ledger(
            internal_url=internal_url,
            orders_url=public_url,
            keys=keys,
            staff_token=role_token(keys, role="staff", subject="auditor"),
        )

    def close(self) -> None:
        self._client.close()
        self.ledger.close()

    def actor(self, role: str, subject: str) -> Actor:
        """An actor with a token for one hour: a `customer` or `staff`."""
        return Actor(self._client, subject, role_token(self.keys, role=role, subject=subject))

    def bearer(self, token: str, *, subject: str = "") -> Actor:
        """An actor with this token, valid or not."""
        return Actor(self._client, subject, token)

    def anonymous(self) -> Actor:
        """An actor without a token."""
        return Actor(self._client, "", None)


def _keyed(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}
