"""The client of product_service, with the package that order_service uses, and a key of our own."""

import json
import os
import time
from functools import cache
from pathlib import Path

import jwt

from products_client import ProductsClient

WHO = {"iss": "monolith", "sub": "monolith", "aud": "product_service", "scope": "reservations:write"}


@cache
def client() -> ProductsClient:
    return ProductsClient(os.environ["PRODUCTS_URL"], token=_token)


def _token() -> str:
    key = json.loads(Path(os.environ["SERVICE_TOKEN_KEY_FILE"]).read_text())
    now = int(time.time())
    claims = {**WHO, "iat": now, "exp": now + 300}
    return jwt.encode(claims, jwt.PyJWK(key).key, algorithm="EdDSA", headers={"kid": key["kid"]})
