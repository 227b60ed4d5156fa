"""An identity provider that tests can break, a clock that they can turn, and a door that asks for tokens."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from service_kit.auth.authentication import TokenAuthentication, caller_of
from service_kit.auth.jwks import KeySetUnusable
from service_kit.auth.keys import KeySet
from service_kit.auth.permissions import ANYONE, HasScope
from service_kit.auth.tokens import TokenVerifier, TrustedIssuer
from service_kit.testing.tokens import USERS, SigningKey, bearer, key_set


class Clock:
    """Stands still until it is turned."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds


class IdentityProvider:
    """Publishes keys to who calls it, and counts the calls."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys
        self.is_down = False
        self.calls = 0

    def __call__(self) -> bytes:
        self.calls += 1
        if self.is_down:
            raise KeySetUnusable("no answer")
        return key_set(*(key.public_jwk() for key in self.keys))


def users_verifier(provider: IdentityProvider, *, clock: Callable[[], float] = time.time) -> TokenVerifier:
    """Return a verifier that trusts the users' issuer, whose keys come from the provider."""
    keys = KeySet(issuer=USERS.name, read=provider, clock=clock)
    return TokenVerifier(TrustedIssuer(USERS.name, USERS.audience, keys), clock=clock)


class Door(APIView):
    """Anyone may look at who they are here; only who may write may come in."""

    permission_classes = [HasScope]
    required_scopes = {"GET": ANYONE, "POST": "things:write"}

    def get(self, request: Request) -> Response:
        caller = caller_of(request)
        return Response({"subject": caller.subject, "scopes": sorted(caller.scopes), "is_service": caller.is_service})

    def post(self, request: Request) -> Response:
        return Response(status=204)


def knock(
    token: str | None = None,
    *,
    method: str = "GET",
    path: str = "/door",
    headers: Mapping[str, str] | None = None,
    verifier: TokenVerifier | None = None,
) -> Response:
    """Send a request to the door, with the token; without a verifier, the one that the settings describe is asked."""

    class Authentication(TokenAuthentication):
        def verifier(self) -> TokenVerifier:
            return verifier or super().verifier()

    sent = {**(bearer(token) if token is not None else {}), **(headers or {})}
    request = APIRequestFactory().generic(method, path, headers=sent)
    response: Response = Door.as_view(authentication_classes=[Authentication])(request)
    response.render()
    return response


def problem(response: Response) -> Any:
    """Return the kind of problem that was answered."""
    return json.loads(response.content)["type"]
