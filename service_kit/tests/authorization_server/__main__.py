"""
An OAuth 2.0 authorization server, made of Authlib: discovery, two grants, JWT access tokens, key rotation.

Grants, tokens (RFC 9068) and keys are Authlib's, so that the tests meet tokens that nobody here has written.
It listens on a free port of the loopback interface and writes its address to standard output.
"""

import sys
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Payload
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from flask import Flask, Response, abort, request
from joserfc.jwk import Key, KeySet, RSAKey
from werkzeug.serving import make_server

from tests.authorization_server import AUDIENCE, SECRET
from tests.authorization_server.codes import ALICE, REDIRECT_URI, AuthorizationCodes

ALLOWED_SCOPES = {
    "writer": {"things:read", "things:write"},
    "reader": {"things:read"},
    "shop": {"things:read", "things:write"},
}
PUBLIC = {"shop"}  # which run in a browser and so have no secret


class Client(ClientMixin):
    """A program with an account of its own, or one that acts for its user."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_client_id(self) -> str:
        return self.name

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(sorted(ALLOWED_SCOPES[self.name].intersection((scope or "").split())))

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("none" if self.name in PUBLIC else "client_secret_basic")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == ("authorization_code" if self.name in PUBLIC else "client_credentials")

    def check_response_type(self, response_type: str) -> bool:
        return self.name in PUBLIC and response_type == "code"

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == REDIRECT_URI


class Keys:
    """The published keys. The last one signs."""

    def __init__(self) -> None:
        self.published: list[Key] = []

    def add(self) -> None:
        self.published.append(RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}))  # its `kid` is its thumbprint

    def public(self) -> Mapping[str, Any]:
        return KeySet(self.published).as_dict(private=False)

    def signing(self) -> Mapping[str, Any]:
        return KeySet(self.published[-1:]).as_dict(private=True)


class AccessTokens(JWTBearerTokenGenerator):
    """Access tokens of the profile of RFC 9068."""

    def __init__(self, issuer: str, keys: Keys) -> None:
        super().__init__(issuer)
        self.keys = keys

    def get_jwks(self) -> Mapping[str, Any]:
        return self.keys.signing()

    def get_audiences(self, client: Client, user: object, scope: str) -> str:
        return AUDIENCE


def query_client(name: str) -> Client | None:
    return Client(name) if name in ALLOWED_SCOPES else None


def save_token(token: Mapping[str, Any], sent: OAuth2Payload) -> None:
    """Keep nothing: such tokens are verified by their signature."""


def application(issuer: str) -> Flask:
    app, keys = Flask(__name__), Keys()
    keys.add()
    server = AuthorizationServer(app, query_client, save_token)
    server.register_grant(ClientCredentialsGrant)
    server.register_grant(AuthorizationCodes, [CodeChallenge(required=True)])
    server.register_token_generator("default", AccessTokens(issuer, keys))

    @app.before_request
    def refuse_anonymous_programs() -> None:
        if request.user_agent.string.startswith("Python-urllib"):
            abort(403)  # as Auth0 does

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, str]:
        endpoints = {name: f"{issuer}/{name}" for name in ("authorize", "token", "jwks")}
        return {
            "issuer": issuer,
            "authorization_endpoint": endpoints["authorize"],
            "token_endpoint": endpoints["token"],
            "jwks_uri": endpoints["jwks"],
        }

    @app.get("/authorize")
    def authorize() -> Response:
        grant = server.get_consent_grant(end_user=ALICE)
        response: Response = server.create_authorization_response(grant_user=ALICE, grant=grant)
        return response

    @app.get("/jwks")
    def jwks() -> Mapping[str, Any]:
        return keys.public()

    @app.post("/token")
    def token() -> Response:
        response: Response = server.create_token_response()
        return response

    @app.post("/rotate")
    def rotate() -> Mapping[str, Any]:
        keys.add()
        return keys.public()

    @app.post("/withdraw")
    def withdraw() -> Mapping[str, Any]:
        del keys.published[0]
        return keys.public()

    return app


def main() -> None:
    server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
    issuer = f"http://127.0.0.1:{server.port}"
    server.app = application(issuer)
    sys.stdout.write(f"{issuer}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
