"""An identity provider that a test can stop, a clock that it can advance, and a view that needs tokens."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from jwt import PyJWK
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from service_kit.auth.authentication import TokenAuthentication, caller_of
from service_kit.auth.issuers import Issuer
from service_kit.auth.jwks import KeySetUnusable
from service_kit.auth.keys import KeySet
from service_kit.auth.permissions import ANYONE, HasScope
from service_kit.auth.tokens import TokenVerifier, TrustedIssuer
from service_kit.testing.tokens import USERS, SigningKey, bearer, key_set


class Clock:
    """Stands still until a test advances it."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class IdentityProvider:
    """Returns its key set to its caller, and counts the calls."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys
        self.is_down = False
        self.calls = 0

    def __call__(self) -> bytes:
        self.calls += 1
        if self.is_down:
            raise KeySetUnusable("no answer")
        return key_set(*(key.public_jwk() for key in self.keys))


def users_verifier(
    provider: Callable[[], bytes], *, clock: Callable[[], float] = time.time, **rules: Any
) -> TokenVerifier:
    """Return a verifier that trusts the users' issuer, under these rules, with the keys of the provider."""
    issuer = Issuer(**{"name": USERS.name, "audience": USERS.audience, "jwks": "", **rules})
    keys = KeySet(issuer=USERS.name, read=provider, clock=clock)
    return TokenVerifier(TrustedIssuer(issuer, keys), clock=clock)


def named(kid: str) -> Callable[[PyJWK], bool]:
    """Return the condition that a key has this name."""
    return lambda key: key.key_id == kid


class ProtectedView(APIView):
    """GET describes its caller, whoever that is; POST needs a scope."""

    permission_classes = [HasScope]
    required_scopes = {"GET": ANYONE, "POST": "things:write"}

    def get(self, request: Request) -> Response:
        caller = caller_of(request)
        return Response({"subject": caller.subject, "scopes": sorted(caller.scopes), "is_service": caller.is_service})

    def post(self, request: Request) -> Response:
        return Response(status=204)


def call_view(
    token: str | None = None,
    *,
    method: str = "GET",
    path: str = "/protected",
    headers: Mapping[str, str] | None = None,
    verifier: TokenVerifier | None = None,
) -> Response:
    """Send a request to the protected view. Without a verifier, that of the settings is used."""

    class Authentication(TokenAuthentication):
        def verifier(self) -> TokenVerifier:
            return verifier or super().verifier()

    sent = {**(bearer(token) if token is not None else {}), **(headers or {})}
    request = APIRequestFactory().generic(method, path, headers=sent)
    response: Response = ProtectedView.as_view(authentication_classes=[Authentication])(request)
    response.render()
    return response


def problem_type(response: Response) -> Any:
    """Return the type of the problem in the response."""
    return json.loads(response.content)["type"]
