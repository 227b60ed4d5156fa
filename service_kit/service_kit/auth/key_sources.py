"""Where an issuer's key set is read from: a file, or a URL."""

import base64
import http.client
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from service_kit.auth.jwks import KeySetUnusable

SOCKET_TIMEOUT_SECONDS: Final = 1.0
READ_DEADLINE_SECONDS: Final = 2.0
MAX_BYTES: Final = 256 * 1024


def direct_opener(*transports: BaseHandler) -> OpenerDirector:
    """
    Return an opener that follows no redirect, takes no proxy from the environment and opens nothing but HTTP.

    urllib's usual opener has handlers for file:, ftp: and data: as well, which a redirect could reach.
    """
    opener = OpenerDirector()
    for handler in (*(transports or (HTTPHandler(), HTTPSHandler())), HTTPErrorProcessor(), HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    return opener


def key_set_reader(
    source: str, *, user_agent: str, proxy: str = "", opener: OpenerDirector | None = None
) -> Callable[[], bytes]:
    """
    Return a function that reads the key set at an http(s) URL, or in a file, directly or through a proxy.

    :param user_agent: what the request for a URL names as the client. Auth0 answers urllib's own name with 403.
    :param proxy: the proxy for a URL, as `http://host:port` or `http://user:password@host:port`.
    """
    if source.lower().startswith(("http://", "https://")):
        return partial(_fetch, source, user_agent=user_agent, proxy=proxy, opener=opener or direct_opener())
    return partial(_read_file, Path(source))


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeySetUnusable(f"the file cannot be read: {error.strerror}") from error


def _fetch(url: str, *, user_agent: str, proxy: str, opener: OpenerDirector) -> bytes:
    deadline = time.monotonic() + READ_DEADLINE_SECONDS
    try:
        # The opener knows only http and https, hence:
        request = Request(url, headers={"Accept": "application/json", "User-Agent": user_agent})  # noqa: S310
        if proxy:
            _send_through(proxy, request)
        with opener.open(request, timeout=SOCKET_TIMEOUT_SECONDS) as response:
            return _read_bounded(response, deadline)
    except HTTPError as error:
        error.close()
        raise KeySetUnusable(f"the answer has status {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise KeySetUnusable(f"no answer: {type(error).__name__}") from error


def _send_through(proxy: str, request: Request) -> None:
    """Send the request to the proxy. urllib's ProxyHandler would let NO_PROXY overrule the setting."""
    address = urlsplit(proxy)
    if address.username is not None:
        credentials = f"{unquote(address.username)}:{unquote(address.password or '')}"
        request.add_header("Proxy-Authorization", f"Basic {base64.b64encode(credentials.encode()).decode()}")
    request.set_proxy(address.netloc.rpartition("@")[2], "http")


def _read_bounded(response: Any, deadline: float) -> bytes:
    """Read the body piece by piece: a time-out of the socket alone would let one byte a second go on for ever."""
    body = b""
    while piece := response.read1(MAX_BYTES):
        body += piece
        if len(body) > MAX_BYTES:
            raise KeySetUnusable(f"the answer is larger than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise KeySetUnusable(f"the answer took longer than {READ_DEADLINE_SECONDS} seconds")
    return body
