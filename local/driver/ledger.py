"""The ledger of both services, read as order_service reads it: over the internal listener."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from driver.tokens import service_token
from stack.keys import Keys

WITH_UNITS = {"pending", "shipped", "delivered"}


@dataclass(frozen=True)
class ProductLedger:
    """One product's units: adjusted in all, in stock, held by reservations, and promised to live orders."""

    adjusted: int
    stock: int
    held: list[int]
    promised: list[int]

    @property
    def is_balanced(self) -> bool:
        """Whether no unit is lost or invented, and each live order has exactly its quantity reserved."""
        return self.adjusted == self.stock + sum(self.held) and self.held == self.promised


class Ledger:
    """
    Reads the internal lists of both services.

    :param internal_url: of the gateway, or of product_service itself.
    :param orders_url: where orders are listed; `staff_token` may see all of them.
    """

    def __init__(self, *, internal_url: str, orders_url: str, keys: Keys, staff_token: str) -> None:
        self._keys = keys
        self._client = httpx.Client(timeout=10, trust_env=False)
        self._internal_url = internal_url
        self._orders_url = orders_url
        self._staff_token = staff_token

    def close(self) -> None:
        self._client.close()

    def of_product(self, product_id: int) -> ProductLedger:
        """Read everything about one product. It is consistent while nothing is written."""
        (balance,) = [row for row in self.balances() if row["product_id"] == product_id]
        return ProductLedger(
            adjusted=balance["adjusted"],
            stock=balance["stock_quantity"],
            held=sorted(row["quantity"] for row in self.reservations(product_id) if row["quantity"]),
            promised=sorted(row["quantity"] for row in self.orders(product_id) if row["status"] in WITH_UNITS),
        )

    def reservations(self, product_id: int | None = None) -> list[dict[str, Any]]:
        rows = self._pages(f"{self._internal_url}/internal/v1/reservations/?page_size=100", service_token(self._keys))
        return [row for row in rows if product_id is None or row["product_id"] == product_id]

    def balances(self) -> list[dict[str, Any]]:
        return list(self._pages(f"{self._internal_url}/internal/v1/balances/?page_size=100", service_token(self._keys)))

    def orders(self, product_id: int) -> list[dict[str, Any]]:
        url = f"{self._orders_url}/api/v1/orders/?page_size=100&product_id={product_id}"
        return list(self._pages(url, self._staff_token))

    def _pages(self, url: str, token: str) -> Iterator[dict[str, Any]]:
        base = httpx.URL(url)
        following: str | None = url
        while following:
            query = urlsplit(following).query.encode()
            page = self._client.get(base.copy_with(query=query), headers={"Authorization": f"Bearer {token}"})
            page.raise_for_status()
            yield from page.json()["results"]
            following = page.json()["next"]
