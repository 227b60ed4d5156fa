"""What products can be asked, and what each answer means."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import msgspec

from products_client.connections import Connections
from products_client.errors import (
    OutcomeUnknown,
    ProductNotFound,
    ProductsUnavailable,
    RequestRejected,
    ReservationNotFound,
    TooManyProducts,
)
from products_client.models import (
    MAX_BATCH,
    Balance,
    Page,
    Problem,
    Product,
    Reservation,
    ReservationBatch,
    ReservationRequest,
    ReservationResult,
)
from products_client.sending import Attempt, Call, Response, Sender

RESERVATIONS: Final = "/internal/v1/reservations/"
PAGE_SIZE: Final = 100
MAX_NAME_PAGES: Final = 10

T = TypeVar("T")

_product = msgspec.json.Decoder(Product)
_products = msgspec.json.Decoder(Page[Product])
_reservation = msgspec.json.Decoder(Reservation)
_balances = msgspec.json.Decoder(Page[Balance])
_reservations = msgspec.json.Decoder(Page[Reservation])
_batch = msgspec.json.Decoder(ReservationBatch)
_problem = msgspec.json.Decoder(Problem)


class ProductsClient:
    """
    The client of products. Threads may share one; processes may not, so build it after the fork.

    `token` gives the bearer token of the internal calls, `request_id` the id that joins the logs of both services, and
    `request_group` the ids of other requests that a call is made for; all are asked at every try. `observer` is told of
    every try. `max_connections` bounds the sockets in use, and `now` is the clock of every deadline.
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

        :param deadline: an instant of the monotonic clock, in seconds; by default 2.5 s from now.
        :raises ProductNotFound: if there is no such product, or it is not for sale.
        :raises RequestRejected: if products answered another 4xx.
        :raises ProductsUnavailable: if no try had a usable answer.
        """
        path = f"/api/v1/products/{product_id}/"
        call = Call(name="get_product", method="GET", path=path, lost=ProductsUnavailable)
        response = self._sender.send(call, deadline=deadline)
        if response.status == httpx.codes.NOT_FOUND:
            raise ProductNotFound(product_id)
        return _read(call, response, _product)

    def find_products(self, *, name: str, deadline: float | None = None) -> list[Product]:
        """
        Return every product for sale whose name contains `name`, in any case. May be repeated freely.

        :param deadline: for all pages together; by default 2.5 s from now.
        :raises TooManyProducts: if there are more than 1,000; a part of them would look like all of them.
        :raises RequestRejected: if products answered a 4xx.
        :raises ProductsUnavailable: if a page had no usable answer.
        """
        until = self._sender.until(deadline)
        params: dict[str, str | int] = {"name": name, "page_size": PAGE_SIZE}
        call = Call(
            name="find_products", method="GET", path="/api/v1/products/", params=params, lost=ProductsUnavailable
        )
        found: list[Product] = []
        for number, page in enumerate(self._pages(call, _products, deadline=until), start=1):
            found += page.results
            if number == MAX_NAME_PAGES and page.next is not None:
                raise TooManyProducts(name, len(found))
        return found

    def put_reservations(
        self, items: Sequence[ReservationRequest], *, deadline: float | None = None
    ) -> list[ReservationResult]:
        """
        Have these quantities reserved, each if its revision is new, and return the outcomes in the same order.

        May be repeated freely with the same revisions: products remembers the outcomes. Only a 200 whose body answers
        exactly what was asked is an answer, so that a stray 404 or 409 of a proxy never reads as a refusal.

        :param items: 1 to 100, with distinct ids.
        :param deadline: an instant of the monotonic clock, in seconds; by default 2.5 s from now. No try begins after
            it.
        :raises ValueError: if there are too few, too many or doubled items; nothing was sent.
        :raises OutcomeUnknown: for everything else than an answer.
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
            lost=OutcomeUnknown,
            with_token=True,
        )
        response = self._sender.send(call, deadline=deadline)
        if response.status != httpx.codes.OK:
            raise OutcomeUnknown(_story(call, response), status=response.status)
        results = _decode(call, response, _batch).reservations
        if len(results) != len(items) or not all(map(ReservationResult.answers, results, items)):
            raise OutcomeUnknown(f"{call.name}: answered something else than was asked", status=response.status)
        return results

    def get_reservation(self, reservation_id: UUID, *, deadline: float | None = None) -> Reservation:
        """
        Return one reservation as it is now. May be repeated freely.

        :param deadline: an instant of the monotonic clock, in seconds; by default 2.5 s from now.
        :raises ReservationNotFound: if nobody ever asked for it.
        :raises RequestRejected: if products answered another 4xx.
        :raises ProductsUnavailable: if no try had a usable answer.
        """
        call = Call(
            name="get_reservation",
            method="GET",
            path=f"{RESERVATIONS}{reservation_id}/",
            lost=ProductsUnavailable,
            with_token=True,
        )
        response = self._sender.send(call, deadline=deadline)
        if response.status == httpx.codes.NOT_FOUND:
            raise ReservationNotFound(reservation_id)
        return _read(call, response, _reservation)

    def iter_reservations(self) -> Iterator[Reservation]:
        """
        Yield every reservation that products has, in order of id, a page at a time, each page within its own 2.5 s.

        A reservation that changes meanwhile is seen as it was or as it became.

        :raises RequestRejected: if products answered a 4xx.
        :raises ProductsUnavailable: if a page had no usable answer; what was yielded so far is true but not all.
        """
        return self._listing("iter_reservations", RESERVATIONS, _reservations)

    def iter_balances(self) -> Iterator[Balance]:
        """Yield every product's books, in order of id, each line consistent in itself; see `iter_reservations`."""
        return self._listing("iter_balances", "/internal/v1/balances/", _balances)

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listing(self, name: str, path: str, decoder: msgspec.json.Decoder[Page[T]]) -> Iterator[T]:
        call = Call(
            name=name,
            method="GET",
            path=path,
            params={"page_size": PAGE_SIZE},
            lost=ProductsUnavailable,
            with_token=True,
        )
        for page in self._pages(call, decoder, deadline=None):
            yield from page.results

    def _pages(
        self, call: Call, decoder: msgspec.json.Decoder[Page[T]], *, deadline: float | None
    ) -> Iterator[Page[T]]:
        params = dict(call.params or {})
        while True:
            page = _read(call, self._sender.send(replace(call, params=params), deadline=deadline), decoder)
            yield page
            if page.next is None:
                return
            # Only the cursor is taken from the address: its host is what products thinks of itself, and no answer
            # decides where our token goes.
            cursors = parse_qs(urlsplit(page.next).query).get("cursor", [])
            if len(cursors) != 1 or cursors[0] == params.get("cursor"):
                raise call.lost(f"{call.name}: the next page leads nowhere")
            params["cursor"] = cursors[0]


def _read(call: Call, response: Response, decoder: msgspec.json.Decoder[T]) -> T:
    if response.status == httpx.codes.OK:
        return _decode(call, response, decoder)
    if httpx.codes.is_client_error(response.status):
        raise RequestRejected(_story(call, response), status=response.status)
    raise call.lost(_story(call, response), status=response.status)


def _decode(call: Call, response: Response, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise call.lost(f"{call.name}: the answer is invalid: {error}", status=response.status) from error


def _story(call: Call, response: Response) -> str:
    """Return what a person needs to find out why this status came back."""
    try:
        problem = _problem.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"{call.name}: answered {response.status}"
    return f"{call.name}: answered {response.status} {problem.type} {problem.detail}".rstrip()
