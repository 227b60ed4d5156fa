"""The authorization code grant of the server: of a public client, with PKCE (RFC 7636), for a user who is logged in."""

from dataclasses import dataclass

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant

REDIRECT_URI = "http://127.0.0.1/signed-in"


@dataclass(frozen=True)
class User:
    """A person who signs in."""

    name: str

    def get_user_id(self) -> str:
        return self.name


ALICE = User("alice")


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """What the user has allowed a client, until it gets the token."""

    client: str
    scope: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return REDIRECT_URI

    def get_scope(self) -> str:
        return self.scope


class AuthorizationCodes(AuthorizationCodeGrant):
    """Codes for one use each."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    issued: dict[str, Code] = {}

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        sent = request.payload.data
        self.issued[code] = Code(
            request.client.get_client_id(), request.scope, sent["code_challenge"], sent["code_challenge_method"]
        )

    def query_authorization_code(self, code: str, client: ClientMixin) -> Code | None:
        found = self.issued.get(code)
        return found if found and found.client == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [code for code, issued in self.issued.items() if issued == authorization_code]:
            del self.issued[code]

    def authenticate_user(self, authorization_code: Code) -> User:
        return ALICE
