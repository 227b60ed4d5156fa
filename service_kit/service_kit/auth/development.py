"""Keys and tokens of a service that runs alone under DEBUG: it is its own identity provider then."""

import json
import os
import secrets
import time
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

ISSUER: Final = "http://localhost/issuer"
AUDIENCE: Final = "shop"
HOUR: Final = 3600  # seconds
FOLDER: Final = Path(".data", "keys").absolute()  # a service runs from its own folder
JWKS: Final = FOLDER / "issuer.jwks.json"
ISSUER_KEY: Final = FOLDER / "issuer.private.json"
SERVICE_KEY: Final = FOLDER / "service.private.json"


def make_keys() -> None:
    """Make the keys that are missing, and leave those that are there."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (JWKS.exists() and ISSUER_KEY.exists()):
        private, public = _pair("development-issuer")
        _write(JWKS, {"keys": [public]})
        _write(ISSUER_KEY, private)
    if not SERVICE_KEY.exists():
        private, _ = _pair("development-service")
        _write(SERVICE_KEY, private)


def service_key() -> str:
    """Return the key for SERVICE_TOKEN_KEY, or nothing if none was made."""
    return SERVICE_KEY.read_text() if SERVICE_KEY.exists() else ""


def sign_token(*, subject: str, scope: str) -> str:
    """Sign a token that holds for an hour. The keys were made."""
    key = json.loads(ISSUER_KEY.read_text())
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "scope": scope, "iat": now, "exp": now + HOUR}
    return jwt.encode(claims, jwt.PyJWK(key).key, algorithm="EdDSA", headers={"kid": key["kid"]})


def _pair(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    common = {"kid": f"{name}-{secrets.token_hex(4)}", "alg": "EdDSA", "use": "sig"}
    key = Ed25519PrivateKey.generate()
    public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**OKPAlgorithm.to_jwk(key, as_dict=True), **common}, {**public, **common}


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write a file that its owner alone can read, all of it or nothing."""
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file)
    unfinished.replace(path)
