"""Tokens for tests: order_service's own, and invalid ones that are valid but for one thing."""

import json
import time
from collections.abc import Callable, Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stack.keys import AUDIENCE, HOUR, ISSUER, SCOPES, Keys, sign_token


def service_token(keys: Keys, *, scope: str = "reservations:write") -> str:
    """Sign a token as order_service does."""
    key = json.loads(keys.private_of("order_service").read_text())
    now = int(time.time())
    claims = {
        "iss": "order_service",
        "aud": "product_service",
        "sub": "order_service",
        "scope": scope,
        "iat": now,
        "exp": now + 300,
    }
    return jwt.encode(claims, jwt.PyJWK(key).key, algorithm="EdDSA", headers={"kid": key["kid"]})


def expired(keys: Keys) -> str:
    return sign_token(keys, subject="late", scope=SCOPES["staff"], seconds=-60, iat=int(time.time()) - HOUR)


def for_another_audience(keys: Keys) -> str:
    return sign_token(keys, subject="elsewhere", scope=SCOPES["staff"], aud="another-shop")


def of_another_issuer(keys: Keys) -> str:
    return sign_token(keys, subject="foreigner", scope=SCOPES["staff"], iss="http://localhost/another-issuer")


def of_another_key(keys: Keys) -> str:
    """Everything is right but the key that signed it, even the key's name."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "forger", "scope": SCOPES["staff"], "iat": now, "exp": now + HOUR}
    kid = json.loads(keys.issuer_private.read_text())["kid"]
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid})


def unsigned(keys: Keys) -> str:
    """`alg: none`, which PyJWT writes only on request."""
    claims = jwt.decode(sign_token(keys, subject="ghost", scope=SCOPES["staff"]), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


BAD: Mapping[str, Callable[[Keys], str]] = {
    "expired": expired,
    "wrong audience": for_another_audience,
    "wrong issuer": of_another_issuer,
    "wrong key": of_another_key,
}
