"""Tokens, keys and key rotation of an authorization server that runs beside the tests, in a process of its own."""

import hashlib
import json
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any, cast
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from pytest_django import Settings

from service_kit.auth.issuers import Issuer
from service_kit.auth.key_sources import key_set_reader
from service_kit.auth.keys import KeySet
from service_kit.auth.tokens import TokenVerifier, TrustedIssuer
from service_kit.testing.identity_provider import Clock, call_view, problem_type
from tests.authorization_server import AUDIENCE, SECRET
from tests.authorization_server.codes import REDIRECT_URI

pytestmark = pytest.mark.sockets


class AuthorizationServer:
    """The server's process, and what clients and the settings of a service need of it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.authorization_server"],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with cast("IO[str]", self.process.stdout) as output:
            self.issuer = output.readline().strip()
        self.configuration = self.call("/.well-known/openid-configuration")

    def call(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
        body = urlencode(form).encode() if form is not None else None
        request = Request(self.issuer + path, body, {"User-Agent": "tests", **headers})  # noqa: S310 (loopback)
        with urlopen(request, timeout=10) as response:  # noqa: S310
            return json.load(response)

    def token(self, client: str, scope: str) -> str:
        path = self.configuration["token_endpoint"].removeprefix(self.issuer)
        credentials = b64encode(f"{client}:{SECRET}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": scope}
        token: str = self.call(path, form, Authorization=f"Basic {credentials}")["access_token"]
        return token

    def authorize(self, verifier: str, scope: str) -> str:
        """Let alice allow the shop, and return the code that her browser is redirected with."""
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {"response_type": "code", "client_id": "shop", "redirect_uri": REDIRECT_URI, "scope": scope}
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        connection = HTTPConnection(urlsplit(self.issuer).netloc, timeout=10)
        connection.request("GET", f"{urlsplit(self.configuration['authorization_endpoint']).path}?{urlencode(query)}")
        location = connection.getresponse().headers["Location"]
        connection.close()
        assert location.startswith(REDIRECT_URI)
        return parse_qs(urlsplit(location).query)["code"][0]

    def token_for(self, code: str, verifier: str) -> str:
        path = self.configuration["token_endpoint"].removeprefix(self.issuer)
        form = {"grant_type": "authorization_code", "client_id": "shop", "redirect_uri": REDIRECT_URI}
        token: str = self.call(path, {**form, "code": code, "code_verifier": verifier})["access_token"]
        return token

    def trusted(self) -> Issuer:
        """Return the row that an operator writes after reading the server's configuration."""
        return Issuer(self.configuration["issuer"], AUDIENCE, self.configuration["jwks_uri"])

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server() -> Iterator[AuthorizationServer]:
    started = AuthorizationServer()
    yield started
    started.stop()


@pytest.fixture
def trusting(server: AuthorizationServer, settings: Settings) -> AuthorizationServer:
    settings.TRUSTED_ISSUERS = [server.trusted()]
    return server


def test_its_tokens_are_accepted_with_their_scopes(trusting: AuthorizationServer) -> None:
    token = trusting.token("writer", "things:read things:write")

    assert call_view(token).data == {
        "subject": "writer",
        "scopes": ["things:read", "things:write"],
        "is_service": False,
    }
    assert call_view(token, method="POST").status_code == 204


def test_a_person_signs_in_by_a_code_and_is_the_subject(trusting: AuthorizationServer) -> None:
    verifier = "a-verifier-of-43-to-128-characters-that-nobody-guesses"
    code = trusting.authorize(verifier, "things:write")

    with pytest.raises(HTTPError, match="400"):
        trusting.token_for(code, "another-verifier-of-43-to-128-characters-guessed")
    token = trusting.token_for(code, verifier)

    assert call_view(token).data == {"subject": "alice", "scopes": ["things:write"], "is_service": False}
    assert call_view(token, method="POST").status_code == 204


def test_a_client_without_the_scope_is_refused_what_needs_it(trusting: AuthorizationServer) -> None:
    token = trusting.token("reader", "things:read things:write")

    assert call_view(token).data["scopes"] == ["things:read"]
    assert call_view(token, method="POST").status_code == 403


def test_a_client_that_requests_no_scope_has_none(trusting: AuthorizationServer) -> None:
    assert call_view(trusting.token("writer", "")).data["scopes"] == []


def test_its_keys_are_rotated_while_tokens_are_in_use(server: AuthorizationServer) -> None:
    issuer, clock = server.trusted(), Clock()
    keys = KeySet(issuer=issuer.name, read=key_set_reader(issuer.jwks, user_agent="tests"), clock=clock)

    def status(token: str) -> int:
        """Return the status without a cached token, as after a minute."""
        return call_view(token, verifier=TokenVerifier(TrustedIssuer(issuer, keys))).status_code

    of_the_old_key = server.token("writer", "things:write")
    assert status(of_the_old_key) == 200
    server.call("/rotate", {})
    of_the_new_key = server.token("writer", "things:write")
    clock.advance(30)
    assert (status(of_the_new_key), status(of_the_old_key)) == (200, 200)

    server.call("/withdraw", {})  # the oldest key
    clock.advance(600)

    assert (status(of_the_new_key), status(of_the_old_key)) == (200, 401)


def test_while_it_is_down_its_tokens_are_neither_accepted_nor_refused(trusting: AuthorizationServer) -> None:
    token = trusting.token("writer", "things:write")
    trusting.stop()

    answer = call_view(token, method="POST")

    assert (answer.status_code, problem_type(answer)) == (503, "/problems/identity-provider-unavailable")
