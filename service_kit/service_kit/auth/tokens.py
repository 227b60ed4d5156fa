"""Bearer tokens: signed JSON Web Tokens, verified by their issuer's keys and rules."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import jwt
from jwt.algorithms import OKPAlgorithm

from service_kit.auth.claims import Claims, TokenRefused, check_claims
from service_kit.auth.issuers import Issuer
from service_kit.auth.jwks import ALGORITHM_NAMES
from service_kit.auth.keys import KeySet, UnknownKey

COMPACT_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")  # RFC 7515, 7.1
ACCEPTED_ALGORITHMS: Final = frozenset[str]().union(*ALGORITHM_NAMES.values())
CACHE_SECONDS: Final = 60
CACHE_TOKENS: Final = 4096

_signatures = jwt.PyJWS()
# RFC 9864. Raises ValueError as soon as PyJWT knows the name by itself: then delete it.
_signatures.register_algorithm("Ed25519", OKPAlgorithm())


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer with its rules and its keys."""

    rules: Issuer
    keys: KeySet


class TokenVerifier:
    """
    Verifies tokens of the trusted issuers, each with that issuer's own keys and audience.

    The claims of a verified token are cached for up to 60 seconds, never past the token's end, because checking a
    signature costs as much as a whole request. A withdrawn key therefore works that much longer. Thread-safe.
    """

    def __init__(self, *issuers: TrustedIssuer, clock: Callable[[], float] = time.time) -> None:
        self._issuers: Mapping[str, TrustedIssuer] = {issuer.rules.name: issuer for issuer in issuers}
        self._clock = clock
        # When an entry expires, and its claims, by the token's digest: the token itself is a secret and is not kept.
        self._cache: dict[bytes, tuple[float, Claims]] = {}

    def verify(self, token: str) -> Claims:
        """
        Return what the token says.

        :raises TokenRefused: if it is forged, malformed, out of its time, or for another audience.
        :raises KeysUnavailable: if its key cannot be fetched now, so that the token is neither accepted nor refused.
        """
        now = self._clock()
        digest = sha256(token.encode()).digest()
        cached = self._cache.get(digest)
        if cached is not None and cached[0] - CACHE_SECONDS <= now < cached[0]:  # the clock may have been set back
            return cached[1]

        claims = self._verify(token, now)
        if len(self._cache) >= CACHE_TOKENS:
            self._cache.clear()
        self._cache[digest] = (min(now + CACHE_SECONDS, claims.expires_at), claims)
        return claims

    def _verify(self, token: str, now: float) -> Claims:
        if not COMPACT_FORM.fullmatch(token):
            raise TokenRefused("it is not a signed JSON Web Token")
        try:
            unverified = jwt.decode_complete(token, options={"verify_signature": False})
            header, payload = unverified["header"], unverified["payload"]
            issuer = self._issuer(payload)
            _verify_signature(token, header, issuer)
        except jwt.InvalidSignatureError as error:
            raise TokenRefused("its signature is wrong") from error
        except jwt.PyJWTError as error:
            raise TokenRefused("it is malformed") from error
        except UnknownKey as error:
            raise TokenRefused("its issuer publishes no such key") from error
        return check_claims(payload, issuer=issuer.rules, now=now)

    def _issuer(self, payload: Mapping[str, Any]) -> TrustedIssuer:
        name = payload.get("iss")
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise TokenRefused("its issuer is not trusted")
        return issuer


def _verify_signature(token: str, header: Mapping[str, Any], issuer: TrustedIssuer) -> None:
    """
    Verify the signature with a key of the issuer. Of the header only `alg` and `kid` are used, to choose that key.

    `jwk`, `jku`, `x5u` and `x5c` would let the sender choose it. `crit` names extensions that must be understood (RFC
    7515, 4.1.11); none is.
    """
    if "crit" in header or "b64" in header:
        raise TokenRefused("it needs an extension")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ACCEPTED_ALGORITHMS:
        raise TokenRefused("its algorithm is not accepted")
    if kid is None and issuer.rules.requires_kid:
        raise TokenRefused("it names no key")
    if kid is not None:
        key = issuer.keys.find(lambda key: key.key_id == kid and algorithm in ALGORITHM_NAMES[key.algorithm_name])
        _check_signature(token, key)
    else:
        issuer.keys.find(lambda key: algorithm in ALGORITHM_NAMES[key.algorithm_name] and _has_signed(key, token))


def _has_signed(key: jwt.PyJWK, token: str) -> bool:
    try:
        _check_signature(token, key)
    except jwt.InvalidSignatureError:
        return False
    return True


def _check_signature(token: str, key: jwt.PyJWK) -> None:
    # The key decides about the algorithm, not the token.
    _signatures.decode(token, key.key, algorithms=sorted(ALGORITHM_NAMES[key.algorithm_name]))
