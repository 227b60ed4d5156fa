"""The keys and tokens of a local stack: made on first start, readable by their owner only."""

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from stack.registry import CALLERS, SERVICES

ISSUER = "http://localhost/issuer"
AUDIENCE = "shop"
HOUR = 3600  # seconds

SCOPES: Mapping[str, str] = {
    "customer": "orders:write",
    "staff": "orders:write orders:manage catalog:write",
}


@dataclass(frozen=True)
class Keys:
    """The files of one folder of keys. They have the names of the secrets in compose and in a cluster."""

    folder: Path

    @property
    def issuer_private(self) -> Path:
        return self.folder / "issuer_private"

    @property
    def issuer_public(self) -> Path:
        return self.folder / "issuer_jwks"

    def private_of(self, service: str) -> Path:
        """The key that a service signs its own requests with."""
        return self.folder / f"{service}_private"

    def public_of(self, service: str) -> Path:
        return self.folder / f"{service}_jwks"

    def secret_of(self, service: str) -> Path:
        return self.folder / f"{service}_key"


def make_keys(folder: Path) -> Keys:
    """Make whatever is missing in `folder` and leave what is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    take_earlier_names(folder)
    keys = Keys(folder)
    make_pair(keys.issuer_private, keys.issuer_public, name="local-issuer")
    for service in CALLERS:
        make_pair(keys.private_of(service), keys.public_of(service), name=service.replace("_", "-"))
    for service in SERVICES:
        if not keys.secret_of(service).exists():
            _write(keys.secret_of(service), secrets.token_urlsafe(48))
    return keys


def take_earlier_names(folder: Path) -> None:
    """Rename what an earlier version made: order_service.private.json is order_service_private now."""
    for path in [path for path in folder.iterdir() if "." in path.name and not path.is_symlink()]:
        new = folder / path.name.removesuffix(".json").replace(".secret", ".key").replace(".", "_")
        if new.is_symlink() or not new.exists():  # development had links under the new names
            path.replace(new)


def sign_token(keys: Keys, *, subject: str, scope: str, seconds: int = HOUR, **claims: object) -> str:
    """
    Sign a bearer token as the local stack's identity provider would.

    :param seconds: how long it holds from now on.
    :param claims: further claims, or others in place of the usual ones.
    """
    key = json.loads(keys.issuer_private.read_text())
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "scope": scope, "iat": now, "exp": now + seconds}
    return jwt.encode({**usual, **claims}, jwt.PyJWK(key).key, algorithm="EdDSA", headers={"kid": key["kid"]})


def role_token(keys: Keys, *, role: str, subject: str) -> str:
    """Sign an hour's token for one of the roles in SCOPES."""
    return sign_token(keys, subject=subject, scope=SCOPES[role])


def make_pair(private: Path, public: Path, *, name: str) -> None:
    """Make a key and its public set, unless both are there."""
    if private.exists() and public.exists():
        return
    common = {"kid": f"{name}-{secrets.token_hex(4)}", "alg": "EdDSA", "use": "sig"}
    key = Ed25519PrivateKey.generate()
    _write(public, json.dumps({"keys": [{**_jwk(key.public_key()), **common}]}, indent=2))
    _write(private, json.dumps({**_jwk(key), **common}, indent=2))


def _jwk(key: Any) -> dict[str, Any]:  # noqa: ANN401 - private or public, as PyJWT takes it
    return OKPAlgorithm.to_jwk(key, as_dict=True)


def _write(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, all of it or nothing."""
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    unfinished.replace(path)
