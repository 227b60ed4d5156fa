"""Requests through a link of the proxy, to a service that is a stand-in."""

from contextlib import suppress

from driver.stand_in import StandIn
from driver.wire import Address, exchange

GET = b"GET /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
POST = (
    b"POST /api/v1/orders/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: k\r\n"
    b"X-Request-ID: operation-7\r\nContent-Length: 4\r\n\r\n1234"
)
LINK = "client>service"
FAULT = 1


def paths(service: StandIn) -> list[str]:
    return [f"{request['method']} {request['path']}" for request in service.received]


def answered(address: Address, sent: bytes) -> list[int]:
    """Return the statuses that come back; none if the connection breaks or nobody listens."""
    with suppress(ConnectionError, FileNotFoundError):
        return [answer.status for answer in exchange(address, sent)]
    return []
