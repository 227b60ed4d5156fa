"""The shop as its clients see it: addresses, people with tokens, and one method for each thing they can ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import httpx

from driver.books import Books
from driver.refusals import check_refusal
from stack.keys import Keys, role_token

PATIENCE = 10.0  # seconds: a client's budget, longer than the gateway's


def unique(word: str) -> str:
    """A name that no other test uses, so that none has to clean up."""
    return f"{word} {uuid4().hex[:12]}"


@dataclass(frozen=True)
class Person:
    """Somebody who asks the shop for things. Every method returns the answer as it came, refusals too."""

    client: httpx.Client
    subject: str
    token: str | None

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send any request with this person's token, its body as JSON or as it is."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {**own, **(headers or {})}
        return self.client.request(method, path, json=json, content=content, params=params, headers=sent)

    def create_product(
        self, *, name: str, price: str = "19.90", stock_quantity: int = 10, **fields: object
    ) -> httpx.Response:
        body = {"name": name, "price": price, "stock_quantity": stock_quantity, **fields}
        return self.ask("POST", "/api/v1/products/", json=body)

    def list_products(self, **filters: str | int) -> httpx.Response:
        return self.ask("GET", "/api/v1/products/", params=filters)

    def get_product(self, product_id: int) -> httpx.Response:
        return self.ask("GET", f"/api/v1/products/{product_id}/")

    def edit_product(self, product_id: int, *, if_match: str | None = None, **fields: object) -> httpx.Response:
        headers = {"If-Match": if_match} if if_match else {}
        return self.ask("PATCH", f"/api/v1/products/{product_id}/", json=fields, headers=headers)

    def delete_product(self, product_id: int) -> httpx.Response:
        return self.ask("DELETE", f"/api/v1/products/{product_id}/")

    def adjust_stock(self, product_id: int, *, delta: int, reason: str, key: str | None = None) -> httpx.Response:
        path = f"/api/v1/products/{product_id}/stock-adjustments/"
        return self.ask("POST", path, json={"delta": delta, "reason": reason}, headers=_keyed(key))

    def place_order(self, *, product_id: int, quantity: int, key: str | None = None) -> httpx.Response:
        body = {"product_id": product_id, "quantity": quantity}
        return self.ask("POST", "/api/v1/orders/", json=body, headers=_keyed(key))

    def list_orders(self, **filters: str | int) -> httpx.Response:
        return self.ask("GET", "/api/v1/orders/", params=filters)

    def get_order(self, order_id: int) -> httpx.Response:
        return self.ask("GET", f"/api/v1/orders/{order_id}/")

    def change_order(self, order_id: int, **fields: object) -> httpx.Response:
        return self.ask("PATCH", f"/api/v1/orders/{order_id}/", json=fields)

    def cancel_order(self, order_id: int) -> httpx.Response:
        return self.change_order(order_id, status="canceled")


class Shop:
    """
    A running shop behind its two addresses.

    :param keys: what the shop's tokens are signed with.
    :param observer: is shown every answer that a person gets; by default, it checks that refusals are as documented.
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
        limits = httpx.Limits(max_connections=None)  # how many requests there are at once is the test's business
        self._client = httpx.Client(
            base_url=public_url,
            timeout=PATIENCE,
            limits=limits,
            trust_env=False,
            event_hooks={"response": [observer]},
        )
        self.books = Books(
            internal_url=internal_url,
            orders_url=public_url,
            keys=keys,
            staff_token=role_token(keys, role="staff", subject="auditor"),
        )

    def close(self) -> None:
        self._client.close()
        self.books.close()

    def person(self, role: str, subject: str) -> Person:
        """Somebody with an hour's token: a `customer` or `staff`."""
        return Person(self._client, subject, role_token(self.keys, role=role, subject=subject))

    def bearer(self, token: str, *, subject: str = "") -> Person:
        """Somebody who shows this very token, good or bad."""
        return Person(self._client, subject, token)

    def nobody(self) -> Person:
        """Somebody without a token."""
        return Person(self._client, "", None)


def _keyed(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}
