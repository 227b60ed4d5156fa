"""Bearer tokens: what they say, once their signature, issuer, audience and times were verified."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import jwt

from service_kit.auth.keys import KeySet, UnknownKey
from service_kit.auth.token_cache import Remembered

ALGORITHMS: Final = frozenset({"EdDSA", "ES256", "RS256"})
REQUIRED_CLAIMS: Final = ["exp", "iat", "iss", "aud", "sub"]
LONGEST_SUBJECT: Final = 255  # characters; it is stored with what the caller owns
LEEWAY_SECONDS: Final = 10  # between the issuer's clock and ours, for a token that begins now; an end is an end
REMEMBER_SECONDS: Final = 60
REMEMBER_TOKENS: Final = 4096

REASONS: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.InvalidSignatureError: "its signature is wrong",
    jwt.InvalidAudienceError: "it is meant for somebody else",
    jwt.MissingRequiredClaimError: "a claim is missing",
    jwt.InvalidAlgorithmError: "its algorithm does not fit the key",
}


class TokenRefused(Exception):
    """This token proves nothing. The message is a constant: it never repeats what the token says."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    issuer: str
    subject: str
    scopes: frozenset[str]
    expires_at: float


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """Whose tokens are believed, if they are meant for `audience` and signed with one of `keys`."""

    name: str
    audience: str
    keys: KeySet


class TokenVerifier:
    """
    Verifies tokens of the trusted issuers, each with that issuer's own keys and audience.

    What was verified is remembered for up to 60 seconds, never past the token's end, so that a signature is not the
    cost of a request. A key that is withdrawn therefore works that much longer. Safe to share between threads.
    """

    def __init__(self, *issuers: TrustedIssuer, clock: Callable[[], float] = time.time) -> None:
        self._issuers: Mapping[str, TrustedIssuer] = {issuer.name: issuer for issuer in issuers}
        self._clock = clock
        self._remembered: Remembered[bytes, Claims] = Remembered(capacity=REMEMBER_TOKENS)

    def verify(self, token: str) -> Claims:
        """
        Return what the token says.

        :raises TokenRefused: if it is forged, malformed, out of its time, or meant for somebody else.
        :raises KeysUnavailable: if its key cannot be had now, so that nobody can tell.
        """
        now = self._clock()
        digest = sha256(token.encode()).digest()  # the token itself is a secret that is better not kept
        claims = self._remembered.get(digest, now=now)
        if claims is None:
            claims = self._verify(token, now)
            self._remembered.put(digest, claims, until=min(now + REMEMBER_SECONDS, claims.expires_at))
        return claims

    def _verify(self, token: str, now: float) -> Claims:
        try:
            unverified = jwt.decode_complete(token, options={"verify_signature": False})
            kid = _key_id(unverified["header"])
            issuer = self._issuer(unverified["payload"])
            payload = _verified_payload(token, kid, issuer)
        except jwt.PyJWTError as error:
            raise TokenRefused(REASONS.get(type(error), "it is malformed")) from error
        except UnknownKey as error:
            raise TokenRefused("its issuer publishes no such key") from error
        return _claims(payload, now)

    def _issuer(self, payload: Mapping[str, Any]) -> TrustedIssuer:
        name = payload.get("iss")
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise TokenRefused("its issuer is not trusted")
        return issuer


def _key_id(header: Mapping[str, Any]) -> str:
    """
    Return the name under which to look for the key, the one thing that is taken from the header.

    `jwk`, `jku`, `x5u` and `x5c` let the sender choose the key, and are not even looked at. `crit` names extensions
    that must be understood (RFC 7515, 4.1.11); none is.
    """
    if "crit" in header or "b64" in header:
        raise TokenRefused("it needs an extension")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused("its algorithm is not accepted")
    if not isinstance(kid, str):
        raise TokenRefused("it names no key")
    return kid


def _verified_payload(token: str, kid: str, issuer: TrustedIssuer) -> Mapping[str, Any]:
    key = issuer.keys.find(kid)
    payload: Mapping[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[key.algorithm_name],  # the key decides, not the token
        audience=issuer.audience,
        issuer=issuer.name,
        # Times are checked below: PyJWT takes "123", true and 1.9 for integers, and reads the clock itself.
        options={"require": REQUIRED_CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    return payload


def _claims(payload: Mapping[str, Any], now: float) -> Claims:
    expires_at = _instant(payload["exp"])
    if expires_at <= now:
        raise TokenRefused("it has expired")
    if max(_instant(payload["iat"]), _instant(payload.get("nbf", 0))) > now + LEEWAY_SECONDS:
        raise TokenRefused("it is not valid yet")

    subject, scope = payload["sub"], payload.get("scope", "")
    if not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise TokenRefused("its subject is not 1 to 255 printable characters")
    if not isinstance(scope, str):
        raise TokenRefused("its scope is not a string")
    return Claims(payload["iss"], subject, frozenset(scope.split()), expires_at)


def _instant(value: object) -> float:
    """Return a NumericDate (RFC 7519, 2): a finite number of seconds since 1970."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value  # as it is: an int may be too large for a float
    raise TokenRefused("one of its times is not a number")
