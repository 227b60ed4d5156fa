"""The pool of connections to products."""

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
    Connections to one address. A connection is opened when a call needs it.

    They use httpx's transport without httpx's client: two services need no cookies, redirects, proxies or logins, and
    checking for them takes longer than the rest of a call in this process.

    :raises ValueError: if the scheme of the address is neither http nor https.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None, max_connections: int) -> None:
        scheme = urlsplit(base_url).scheme
        if scheme not in {"http", "https"}:
            raise ValueError(f"the address of products must start with http:// or https://, not {base_url!r}")
        self._base_url = base_url.rstrip("/")
        self._transport = transport or httpx.HTTPTransport(
            # Reading the certificate authorities takes 30 ms, and plain http does not need them. The empty context
            # trusts no certificate, so that it cannot become an unverified connection by mistake.
            verify=scheme == "https" or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=httpx.Limits(
                max_connections=max_connections,
                max_keepalive_connections=max_connections,
                keepalive_expiry=20.0,  # shorter than the gateway's, which else may close it while a request is sent
            ),
            trust_env=False,
        )

    def send(self, call: "Call", headers: Mapping[str, str], *, timeouts: Mapping[str, float]) -> httpx.Response:
        """
        Return the answer as soon as its headers have arrived. The caller reads and closes its body.

        :param timeouts: seconds for `connect`, `write`, `read` and `pool`.
        :raises httpx.TransportError: if there is no answer.
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
    """Parse an address once: parsing takes as long as sending a request."""
    return httpx.URL(address)
