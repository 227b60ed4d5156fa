"""
A products API in memory, with the rules of the real one. `httpx.MockTransport` calls it instead of a network.

Faults: `unreachable`, `hang` and `unavailable` stay on until they are switched off. `lose_answers` and `answer_with`
last for a number of requests. `on_request` and `on_next_request` are called before a request is processed, so that a
test can interfere at the worst moment.
"""

import copy
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import httpx
import msgspec

from products_client import ProductsClient
from products_stand_in.rules import (
    Desired,
    Invalid,
    Problem,
    Product,
    Reservation,
    show_balance,
    show_product,
    show_reservation,
    show_settled,
)

ADDRESS = "http://products.test"
ONE_PRODUCT = re.compile(r"/api/v1/products/([0-9]+)/")
ONE_RESERVATION = re.compile(r"/internal/v1/reservations/([0-9a-f-]{36})/")
TOKEN = "token-of-the-order-service"  # noqa: S105 - it opens nothing but this stand-in
LARGEST_PAGE = LARGEST_BATCH = 100


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    reservations: list[Desired]


class FakeProductsApi:
    def __init__(self) -> None:
        self.products: dict[int, Product] = {}
        self.reservations: dict[UUID, Reservation] = {}
        self.requests: list[httpx.Request] = []
        self.page_limit = 100
        self.unreachable = False
        self.hang = False
        self.unavailable = False
        self.on_request: Callable[[httpx.Request], None] = lambda _: None
        self._answers_to_lose = 0
        self._answers_instead: list[httpx.Response] = []
        self._lock = threading.Lock()

    def client(self, **options: Any) -> ProductsClient:
        """Return a client of this fake; `options` go to `ProductsClient`."""
        return ProductsClient(ADDRESS, transport=httpx.MockTransport(self), **{"token": lambda: TOKEN, **options})

    def add_product(
        self, *, name: str = "Desk lamp", price: str = "19.90", stock: int = 10, is_active: bool = True
    ) -> int:
        """Put a product on sale and return its id."""
        product = Product(
            id=len(self.products) + 1, name=name, price=price, stock=stock, adjusted=stock, is_active=is_active
        )
        self.products[product.id] = product
        return product.id

    def stock(self, product_id: int) -> int:
        return self.products[product_id].stock

    def reserved(self, reservation_id: UUID) -> int:
        """Return the units held under this id, 0 if it is unknown."""
        return self.reservations[reservation_id].quantity if reservation_id in self.reservations else 0

    def held(self, product_id: int) -> int:
        """Return the units of a product that all reservations hold."""
        return sum(row.quantity for row in self.reservations.values() if row.product_id == product_id)

    def snapshot(self) -> Callable[[], None]:
        """Take a backup, and return a function that restores it."""
        saved = copy.deepcopy((self.products, self.reservations))

        def restore() -> None:
            self.products, self.reservations = copy.deepcopy(saved)

        return restore

    def lose_answers(self, count: int = 1) -> None:
        """Process the next requests, and lose their answers."""
        self._answers_to_lose = count

    def answer_with(
        self, status: int, body: object = b"", *, times: int = 1, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer the next requests with this without processing them. A body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        self._answers_instead += [httpx.Response(status, content=content, headers=headers) for _ in range(times)]

    def on_next_request(self, action: Callable[[], object]) -> None:
        """Call `action` once, before the next request is processed. Requests that it makes itself do not call it."""

        def once(_: httpx.Request) -> None:
            self.on_request = lambda _: None
            action()

        self.on_request = once

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, for `httpx.MockTransport`."""
        self.requests.append(request)
        self.on_request(request)
        with self._lock:
            if self.unreachable:
                raise httpx.ConnectError("connection refused", request=request)
            if self.hang:
                raise httpx.ReadTimeout("timed out", request=request)
            if self.unavailable:
                slug = "database-unavailable" if request.method == "GET" else "outcome-unknown"
                return Problem(503, slug).response(request)
            if self._answers_instead:
                return self._answers_instead.pop(0)
            try:
                answer = self._route(request)
            except Problem as problem:
                answer = problem.response(request)
            if self._answers_to_lose:
                self._answers_to_lose -= 1
                raise httpx.ReadTimeout("timed out", request=request)
            return answer

    def _route(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/internal/") and request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Problem(401, "not-authenticated")
        match request.method, path:
            case "GET", "/api/v1/products/":
                return self._list_products(request)
            case "GET", "/internal/v1/reservations/":
                rows = sorted(self.reservations.values(), key=lambda row: row.id)
                return self._page(request, [show_reservation(row) for row in rows])
            case "GET", "/internal/v1/balances/":
                return self._page(request, [show_balance(row, self.held(row.id)) for row in self.products.values()])
            case "POST", "/internal/v1/reservations/":
                return self._put_reservations(request)
            case "GET", _ if one := ONE_PRODUCT.fullmatch(path):
                return self._get_product(int(one[1]))
            case "GET", _ if one := ONE_RESERVATION.fullmatch(path):
                return self._get_reservation(UUID(one[1]))
        raise Problem(404, "not-found")

    def _get_product(self, product_id: int) -> httpx.Response:
        product = self.products.get(product_id)
        if product is None or not product.is_active:
            raise Problem(404, "not-found")
        return httpx.Response(200, json=show_product(product))

    def _get_reservation(self, reservation_id: UUID) -> httpx.Response:
        if reservation_id not in self.reservations:
            raise Problem(404, "not-found")
        return httpx.Response(200, json=show_reservation(self.reservations[reservation_id]))

    def _list_products(self, request: httpx.Request) -> httpx.Response:
        part = request.url.params.get("name", "").casefold()
        named = [row for row in self.products.values() if row.is_active and part in row.name.casefold()]
        return self._page(
            request, [show_product(row) for row in sorted(named, key=lambda row: (row.name, row.id))], filters={"name"}
        )

    def _page(
        self, request: httpx.Request, rows: list[dict[str, Any]], filters: frozenset[str] | set[str] = frozenset()
    ) -> httpx.Response:
        params = request.url.params
        for name in params:
            if name not in {"cursor", "page_size", *filters} or len(params.get_list(name)) > 1:
                raise Invalid(name, "unknown", "There is no such parameter.")
        size, start = params.get("page_size", "20"), params.get("cursor", "0")
        if not size.isdecimal() or not 1 <= int(size) <= LARGEST_PAGE:
            raise Invalid("page_size", "invalid", "A whole number from 1 to 100 is required.")
        if not start.isdecimal():
            raise Invalid("cursor", "invalid", "This is not a cursor of this list.")
        begin, end = int(start), int(start) + min(int(size), self.page_limit)

        def link(position: int) -> str:
            return str(request.url.copy_set_param("cursor", str(position)))

        previous = link(max(0, 2 * begin - end)) if begin else None
        following = link(end) if end < len(rows) else None
        return httpx.Response(200, json={"next": following, "previous": previous, "results": rows[begin:end]})

    def _put_reservations(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("Content-Type") != "application/json":
            raise Problem(415, "unsupported-media-type")
        try:
            desired = msgspec.json.decode(request.content, type=_Batch).reservations
        except msgspec.DecodeError as error:
            raise Invalid("/reservations", "invalid", str(error)) from error
        if not 1 <= len(desired) <= LARGEST_BATCH or len({item.id for item in desired}) < len(desired):
            raise Invalid("/reservations", "invalid", "1 to 100 reservations with distinct ids are required.")
        settled = []
        for item in desired:
            row = self.reservations.setdefault(item.id, Reservation(id=item.id, product_id=item.product_id))
            product = self.products.get(item.product_id)
            settled.append(show_settled(row, row.settle(item, product), product))
        return httpx.Response(200, json={"reservations": settled})
