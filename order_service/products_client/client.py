"""The calls of products, and what each answer means."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Self, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import msgspec

from products_client.answers import decode, describe_response
from products_client.connections import Connections
from products_client.errors import (
    FinalAnswer,
    OutcomeUnknown,
    ProductNotFound,
    RequestRejected,
    ReservationNotFound,
    TooManyProducts,
)
from products_client.models import (
    MAX_BATCH,
    Balance,
    Page,
    Product,
    Reservation,
    ReservationBatch,
    ReservationRequest,
    ReservationResult,
)
from products_client.sending import Attempt, Call, Sender

PRODUCTS: Final = "/api/v1/products/"
RESERVATIONS: Final = "/internal/v1/reservations/"
BALANCES: Final = "/internal/v1/balances/"
PAGE_SIZE: Final = 100
MAX_NAME_PAGES: Final = 10

T = TypeVar("T")

_product = msgspec.json.Decoder(Product)
_products = msgspec.json.Decoder(Page[Product])
_reservation = msgspec.json.Decoder(Reservation)
_balances = msgspec.json.Decoder(Page[Balance])
_reservations = msgspec.json.Decoder(Page[Reservation])
_batch = msgspec.json.Decoder(ReservationBatch)


class ProductsClient:
    """
    The client of products. Threads may share it; processes may not, so build it after the fork.

    Every `deadline` is an instant of the monotonic clock; a call ends 2.5 s after its begin at the latest.

    :param token: returns the bearer token of internal calls; it, and the next three, are called for each try.
    :param request_id: returns the id that joins the logs of both services.
    :param request_group: returns the ids of other requests that a call is made for.
    :param observer: is called after the try.
    :param max_connections: bounds the sockets in use.
    :param now: the clock of all deadlines.
    """

    def __init__(  # noqa: PLR0913 - each is what one process, or one test, may want to choose
        self,
        base_url: str,
        *,
        token: Callable[[], str],
        request_id: Callable[[], str | None] = lambda: None,
        request_group: Callable[[], str | None] = lambda: None,
        observer: Callable[[Attempt], None] = lambda _: None,
        transport: httpx.BaseTransport | None = None,
        max_connections: int = 64,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = Connections(base_url, transport=transport, max_connections=max_connections)
        self._sender = Sender(
            connections=self._connections,
            token=token,
            request_id=request_id,
            request_group=request_group,
            observer=observer,
            now=now,
        )

    def get_product(self, product_id: int, *, deadline: float | None = None) -> Product:
        """
        Return one product that is for sale. May be repeated freely.

        :raises ProductNotFound: if there is no such product, or it is not for sale.
        :raises RequestRejected: if products answered another 4xx.
        :raises ProductsUnavailable: if no try had a usable answer.
        """
        call = Call(name="get_product", method="GET", path=f"{PRODUCTS}{product_id}/")
        return self._read(call, _product, deadline=deadline, not_found=ProductNotFound(product_id))

    def find_products(self, *, name: str, deadline: float | None = None) -> list[Product]:
        """
        Return every product for sale whose name contains `name`, in any case. May be repeated freely.

        :param deadline: for all pages together.
        :raises TooManyProducts: if there are more than 1,000; some of them would look like all of them.
        :raises RequestRejected: if products answered a 4xx.
        :raises ProductsUnavailable: if a page had no usable answer.
        """
        params: dict[str, str | int] = {"name": name, "page_size": PAGE_SIZE}
        call = Call(name="find_products", method="GET", path=PRODUCTS, params=params)
        found: list[Product] = []
        for number, page in enumerate(self._pages(call, _products, deadline=self._sender.until(deadline)), start=1):
            found += page.results
            if number == MAX_NAME_PAGES and page.next is not None:
                raise TooManyProducts(name, len(found))
        return found

    def put_reservations(
        self, items: Sequence[ReservationRequest], *, deadline: float | None = None
    ) -> list[ReservationResult]:
        """
        Request quantities, each applied if its revision is new, and return the results in the same order.

        May be repeated freely with the same revisions: products remembers the outcomes. Only a 200 whose body answers
        exactly these items is an answer, so that a stray 404 or 409 of a proxy never reads as a refusal.

        :param items: 1 to 100, with distinct ids.
        :raises ValueError: if there are too few, too many or duplicate items; nothing was sent.
        :raises OutcomeUnknown: if there was no such answer.
        """
        if not 1 <= len(items) <= MAX_BATCH:
            raise ValueError(f"a batch has 1 to {MAX_BATCH} reservations, not {len(items)}")
        if len({item.id for item in items}) != len(items):
            raise ValueError("a batch names each reservation once")
        call = Call(
            name="put_reservations",
            method="POST",
            path=RESERVATIONS,
            body=msgspec.json.encode({"reservations": items}),
            with_token=True,
            unavailable_error=OutcomeUnknown,
        )
        response = self._sender.send(call, deadline=deadline)
        results = decode(call, response, _batch).reservations
        if len(results) != len(items) or not all(map(ReservationResult.answers, results, items)):
            raise OutcomeUnknown(f"{call.name}: the answer does not match the request", status=response.status)
        return results

    def get_reservation(self, reservation_id: UUID, *, deadline: float | None = None) -> Reservation:
        """
        Return one reservation as it is now. May be repeated freely.

        :raises ReservationNotFound: if it was never requested.
        :raises RequestRejected: if products answered another 4xx.
        :raises ProductsUnavailable: if no try had a usable answer.
        """
        path = f"{RESERVATIONS}{reservation_id}/"
        call = Call(name="get_reservation", method="GET", path=path, with_token=True)
        return self._read(call, _reservation, deadline=deadline, not_found=ReservationNotFound(reservation_id))

    def iter_reservations(self) -> Iterator[Reservation]:
        """
        Yield every reservation that products has, in order of id, page by page. Each page has its own 2.5 s.

        A reservation that changes meanwhile is seen as it was or as it became.

        :raises RequestRejected: if products answered a 4xx.
        :raises ProductsUnavailable: if a page had no usable answer; what was yielded so far is true but not complete.
        """
        return self._items("iter_reservations", RESERVATIONS, _reservations)

    def iter_balances(self) -> Iterator[Balance]:
        """Yield every product's stock balance, in order of id, each consistent in itself; see `iter_reservations`."""
        return self._items("iter_balances", BALANCES, _balances)

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _read(
        self,
        call: Call,
        decoder: msgspec.json.Decoder[T],
        *,
        deadline: float | None,
        not_found: FinalAnswer | None = None,
    ) -> T:
        response = self._sender.send(call, deadline=deadline)
        if response.status == httpx.codes.NOT_FOUND and not_found is not None:
            raise not_found
        if httpx.codes.is_client_error(response.status):
            raise RequestRejected(describe_response(call, response), status=response.status)
        return decode(call, response, decoder)

    def _items(self, name: str, path: str, decoder: msgspec.json.Decoder[Page[T]]) -> Iterator[T]:
        call = Call(name=name, method="GET", path=path, params={"page_size": PAGE_SIZE}, with_token=True)
        for page in self._pages(call, decoder, deadline=None):
            yield from page.results

    def _pages(
        self, call: Call, decoder: msgspec.json.Decoder[Page[T]], *, deadline: float | None
    ) -> Iterator[Page[T]]:
        params = dict(call.params or {})
        while True:
            page = self._read(replace(call, params=params), decoder, deadline=deadline)
            yield page
            if page.next is None:
                return
            # Only the cursor of the link is used: its host is how products sees itself, and no answer may decide
            # where our token is sent.
            cursors = parse_qs(urlsplit(page.next).query).get("cursor", [])
            if len(cursors) != 1 or cursors[0] == params.get("cursor"):
                raise call.unavailable_error(f"{call.name}: the link to the next page is invalid")
            params["cursor"] = cursors[0]
