"""An issuer's published key set (RFC 7517): the keys that may verify a token."""

import json
from collections.abc import Mapping
from typing import Any, Final

from jwt import PyJWK
from jwt.exceptions import PyJWTError

# What a key of each algorithm may be called in `alg`. EdDSA with an Ed25519 key has a second name since RFC 9864.
ALGORITHM_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "EdDSA": frozenset({"EdDSA", "Ed25519"}),
    "ES256": frozenset({"ES256"}),
    "RS256": frozenset({"RS256"}),
}
SHORTEST_RSA_BITS: Final = 2048


class KeySetUnusable(Exception):
    """The key set could not be fetched, or holds no key that may verify a token."""


def parse_key_set(document: bytes) -> tuple[PyJWK, ...]:
    """
    Return the keys of a JWK Set that may verify a token, in its order; raise KeySetUnusable if there is none.

    Left out: keys for anything but signatures, algorithms other than EdDSA (Ed25519), ES256 and RS256, RSA keys under
    2048 bits, and whatever is secret: anybody could sign with a private key that was published.
    """
    try:
        listed = json.loads(document)["keys"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise KeySetUnusable("this is not a JWK Set") from error
    if not isinstance(listed, list):
        raise KeySetUnusable("this is not a JWK Set")

    keys = tuple(key for jwk in listed if (key := _usable_key(jwk)) is not None)
    if not keys:
        raise KeySetUnusable("the key set holds no usable key")
    return keys


def _usable_key(jwk: object) -> PyJWK | None:
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid", ""), str) or "d" in jwk:
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
        return None  # one damaged key does not make the others unusable
    if algorithm == "RS256" and key.key.key_size < SHORTEST_RSA_BITS:
        return None
    return key


def _is_for_verifying(jwk: Mapping[str, Any], algorithm: str) -> bool:
    operations, name = jwk.get("key_ops", ["verify"]), jwk.get("alg", algorithm)
    return (
        jwk.get("use", "sig") == "sig"
        and isinstance(name, str)
        and name in ALGORITHM_NAMES[algorithm]
        and isinstance(operations, list)
        and "verify" in operations
    )
