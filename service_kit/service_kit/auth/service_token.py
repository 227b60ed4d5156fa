"""The tokens with which this service proves its identity to another one."""

import json
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Final

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LIFETIME_SECONDS: Final = 300
RENEW_SECONDS: Final = (
    60  # before the end: a token that is handed out stays valid for so long, for retries and clocks that differ
)

_building = threading.Lock()


def service_token(*, audience: str, scope: str) -> str:
    """
    Return a token of this service for another one, with a scope there. It is valid for at least a minute.

    Its issuer is `settings.SERVICE_NAME`; it is signed with `settings.SERVICE_TOKEN_KEY`.

    :raises ImproperlyConfigured: if SERVICE_TOKEN_KEY is not a private Ed25519 key.
    """
    with _building:
        tokens = _tokens(settings.SERVICE_TOKEN_KEY, settings.SERVICE_NAME, audience, scope)
    return tokens.current()


@cache
def _tokens(key: str, issuer: str, audience: str, scope: str) -> "ServiceTokens":
    return ServiceTokens(signing_key(key), issuer=issuer, audience=audience, scope=scope)


class ServiceTokens:
    """Signs a token, and hands it out until it is about to expire. Thread-safe."""

    def __init__(
        self, key: jwt.PyJWK, *, issuer: str, audience: str, scope: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._claims = {"iss": issuer, "sub": issuer, "aud": audience, "scope": scope}
        self._clock = clock
        self._signing = threading.Lock()
        self._token = ""
        self._signed_at = self._renew_at = 0

    def current(self) -> str:
        """Return a token that is valid for at least a minute."""
        with self._signing:
            now = self._clock()
            if not self._signed_at <= now < self._renew_at:  # a clock that was ahead may have been set back
                self._signed_at = int(now)
                self._token = self._sign(self._signed_at)
                self._renew_at = self._signed_at + LIFETIME_SECONDS - RENEW_SECONDS
            return self._token

    def _sign(self, now: int) -> str:
        claims = {**self._claims, "iat": now, "exp": now + LIFETIME_SECONDS}
        return jwt.encode(claims, self._key, headers={"kid": self._key.key_id})


def signing_key(text: str) -> jwt.PyJWK:
    """
    Return the private Ed25519 key that the text holds as a JWK (RFC 8037), with its `kid`.

    :raises ImproperlyConfigured: if it holds none. The message never repeats the key.
    """
    if not text:
        raise ImproperlyConfigured(
            "SERVICE_TOKEN_KEY (or SERVICE_TOKEN_KEY_FILE) is not set. "
            "Under DEBUG, `python manage.py development_keys` makes a key; start again what runs already."
        )
    try:
        jwk = json.loads(text)
    except (ValueError, RecursionError):
        raise ImproperlyConfigured(
            "SERVICE_TOKEN_KEY is not JSON. It must be a private Ed25519 key as a JWK, not the name of its file."
        ) from None
    match jwk:
        case {"kty": "OKP", "crv": "Ed25519", "kid": str(kid), "d": str()} if kid:
            pass
        case _:
            raise ImproperlyConfigured(
                "SERVICE_TOKEN_KEY is not a private Ed25519 key in the form of a JWK with a kid."
            )
    try:
        return jwt.PyJWK.from_dict(jwk, "EdDSA")
    except jwt.PyJWTError:
        raise ImproperlyConfigured("SERVICE_TOKEN_KEY is a damaged key.") from None  # PyJWT's message may repeat it
