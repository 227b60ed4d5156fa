"""Issuers for the tests: they have keys, publish them, and sign any token."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import get_algorithm_by_name
from jwt.utils import base64url_encode

from service_kit.auth import issuers as auth

Signature = Callable[[bytes], bytes]
LIFETIME_SECONDS = 300


@dataclass(frozen=True)
class SigningKey:
    kid: str
    algorithm: str
    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @classmethod
    def ed25519(cls, kid: str) -> "SigningKey":
        """Return the key of that name: the same in every process of a test run, so that they need no common file."""
        return cls(kid, "EdDSA", Ed25519PrivateKey.from_private_bytes(sha256(kid.encode()).digest()))

    @classmethod
    def es256(cls, kid: str) -> "SigningKey":
        return cls(kid, "ES256", ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def rs256(cls, kid: str, *, bits: int = 2048) -> "SigningKey":
        return cls(kid, "RS256", rsa.generate_private_key(public_exponent=65537, key_size=bits))

    def sign(self, message: bytes) -> bytes:
        signature: bytes = get_algorithm_by_name(self.algorithm).sign(message, self.private)
        return signature

    def public_jwk(self) -> dict[str, Any]:
        return self._jwk(self.private.public_key())

    def private_jwk(self) -> dict[str, Any]:
        return self._jwk(self.private)

    def _jwk(self, key: Any) -> dict[str, Any]:
        algorithm: Any = get_algorithm_by_name(self.algorithm)
        return {**algorithm.to_jwk(key, as_dict=True), "kid": self.kid, "use": "sig", "alg": self.algorithm}


@dataclass(frozen=True)
class Issuer:
    name: str
    audience: str
    key: SigningKey

    def claims(self, subject: str = "customer", scope: str = "", **changes: object) -> dict[str, object]:
        """Return the claims of a valid token, with the changes; a claim that is changed to None is left out."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.name,
            "aud": self.audience,
            "sub": subject,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "scope": scope,
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def header(self, **changes: object) -> dict[str, object]:
        header: dict[str, object] = {"typ": "JWT", "alg": self.key.algorithm, "kid": self.key.kid}
        return {name: value for name, value in {**header, **changes}.items() if value is not None}

    def token(self, subject: str = "customer", scope: str = "", **changes: object) -> str:
        return compact(self.header(), self.claims(subject, scope, **changes), self.key.sign)


def compact(header: Mapping[str, object] | bytes, claims: object, signature: Signature) -> str:
    """Return the token in the compact form, also where a library would refuse to sign it."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
    message = b".".join(base64url_encode(part) for part in parts)
    return f"{message.decode()}.{base64url_encode(signature(message)).decode()}"


def key_set(*jwks: Mapping[str, object]) -> bytes:
    return json.dumps({"keys": jwks}).encode()


USERS = Issuer("https://issuer.test", "shop", SigningKey.ed25519("users-1"))


def bearer(token: str) -> dict[str, str]:
    """Return the headers that carry the token."""
    return {"Authorization": f"Bearer {token}"}


def publish(directory: Path, issuer: Issuer, *, scopes: frozenset[str] | None = None) -> auth.Issuer:
    """Write the issuer's key set to a file there. Return the row of `settings.TRUSTED_ISSUERS` that trusts it."""
    path = directory / f"{issuer.key.kid}.jwks.json"
    path.write_bytes(key_set(issuer.key.public_jwk()))
    return auth.Issuer(name=issuer.name, audience=issuer.audience, jwks=str(path), scopes=scopes)
