"""An issuer's published key set: reading it from a file or a URL, and keeping the keys that may verify a token."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from jwt import PyJWK
from jwt.exceptions import PyJWTError

SOCKET_TIMEOUT_SECONDS: Final = 1.0
READ_DEADLINE_SECONDS: Final = 2.0
MAX_BYTES: Final = 256 * 1024
SHORTEST_RSA_BITS: Final = 2048


class KeySetUnusable(Exception):
    """The key set could not be read, or holds no key that may verify a token."""


def direct_opener(*transports: BaseHandler) -> OpenerDirector:
    """
    Return an opener that follows no redirect, takes no proxy from the environment and opens nothing but HTTP.

    urllib's usual opener has handlers for file:, ftp: and data: as well, which a redirect could reach.
    """
    opener = OpenerDirector()
    for handler in (*(transports or (HTTPHandler(), HTTPSHandler())), HTTPErrorProcessor(), HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    return opener


def key_set_reader(source: str, *, opener: OpenerDirector | None = None) -> Callable[[], bytes]:
    """Return a function that reads the key set at `source`, an http(s) URL or the path of a file."""
    if source.startswith(("http://", "https://")):
        return partial(_fetch, source, opener=opener or direct_opener())
    return partial(_read_file, Path(source))


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeySetUnusable(f"the file cannot be read: {error.strerror}") from error


def _fetch(url: str, *, opener: OpenerDirector) -> bytes:
    deadline = time.monotonic() + READ_DEADLINE_SECONDS
    try:
        request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 (the opener knows only http and https)
        with opener.open(request, timeout=SOCKET_TIMEOUT_SECONDS) as response:
            return _read_bounded(response, deadline)
    except HTTPError as error:
        error.close()
        raise KeySetUnusable(f"the answer has status {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise KeySetUnusable(f"no answer: {type(error).__name__}") from error


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


def parse_key_set(document: bytes) -> dict[str, PyJWK]:
    """
    Return the keys of a JWK Set (RFC 7517) that may verify a token, by their `kid`.

    Left out: keys without a `kid`, keys for anything but signatures, algorithms other than EdDSA (Ed25519), ES256 and
    RS256, RSA keys under 2048 bits, and whatever is secret: a private key that was published is everybody's.
    Of two keys with one `kid` the first counts.

    :raises KeySetUnusable: if this is no key set, or none of its keys is usable.
    """
    try:
        listed = json.loads(document)["keys"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise KeySetUnusable("this is not a JWK Set") from error
    if not isinstance(listed, list):
        raise KeySetUnusable("this is not a JWK Set")

    keys: dict[str, PyJWK] = {}
    for jwk in listed:
        key = _usable_key(jwk)
        if key is not None and key.key_id is not None:
            keys.setdefault(key.key_id, key)
    if not keys:
        raise KeySetUnusable("the key set holds no usable key")
    return keys


def _usable_key(jwk: object) -> PyJWK | None:
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str) or "d" in jwk:
        return None
    match jwk:
        case {"kty": "OKP", "crv": "Ed25519"}:
            algorithm = "EdDSA"
        case {"kty": "EC", "crv": "P-256"}:
            algorithm = "ES256"
        case {"kty": "RSA"}:
            algorithm = "RS256"
        case _:
            return None
    if not _is_for_verifying(jwk, algorithm):
        return None

    try:
        key = PyJWK.from_dict(jwk, algorithm)
    except PyJWTError:
        return None  # one damaged key must not take the others with it
    if algorithm == "RS256" and key.key.key_size < SHORTEST_RSA_BITS:
        return None
    return key


def _is_for_verifying(jwk: Mapping[str, Any], algorithm: str) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig"
        and jwk.get("alg", algorithm) == algorithm
        and isinstance(operations, list)
        and "verify" in operations
    )
