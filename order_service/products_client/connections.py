"""The pool of connections that calls are sent through."""

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

if TYPE_CHECKING:
    from products_client.sending import Call

HEADERS: Final = {"User-Agent": "order_service", "Accept": "application/json", "Accept-Encoding": "identity"}


class Connections:
    """
    Connections to one address; none is opened before it is needed.

    It is the transport of httpx, without the client above it: cookies, redirects, proxies and logins have no place
    between two services, and asking for them takes longer than everything else that a call does in this process.

    :raises ValueError: if the address is not one of http or https.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None, max_connections: int) -> None:
        scheme = urlsplit(base_url).scheme
        if scheme not in {"http", "https"}:
            raise ValueError(f"the address of products must start with http:// or https://, not {base_url!r}")
        self._base_url = base_url.rstrip("/")
        self._transport = transport or httpx.HTTPTransport(
            # Reading the certificate authorities takes 30 ms, which plain http has no use for. The bare context trusts
            # nobody, so that no mistake can turn it into an unverified connection.
            verify=scheme == "https" or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=httpx.Limits(
                max_connections=max_connections,
                max_keepalive_connections=max_connections,
                keepalive_expiry=20.0,  # shorter than the gateway's, or a request may meet a connection being closed
            ),
            trust_env=False,
        )

    def send(self, call: "Call", headers: Mapping[str, str], *, timeouts: Mapping[str, float]) -> httpx.Response:
        """
        Return the answer as soon as its head is there. Its body is for the caller to read, and to close.

        :param timeouts: seconds for `connect`, `write`, `read` and `pool`.
        :raises httpx.TransportError: if there is none.
        """
        url = _url(self._base_url + call.path)
        request = httpx.Request(
            call.method,
            url.copy_merge_params(call.params) if call.params else url,
            content=call.body,
            headers={**HEADERS, **headers},
            extensions={"timeout": timeouts},
        )
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()


@lru_cache(maxsize=64)
def _url(address: str) -> httpx.URL:
    """To take an address apart costs as much as to send a request there."""
    return httpx.URL(address)
