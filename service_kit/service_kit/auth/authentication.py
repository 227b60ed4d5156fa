"""Who calls: a bearer token becomes a caller with scopes."""

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from service_kit.auth.errors import IdentityProviderUnavailable
from service_kit.auth.issuers import Issuer
from service_kit.auth.jwks import key_set_reader
from service_kit.auth.keys import KeySet, KeysUnavailable
from service_kit.auth.tokens import Claims, TokenRefused, TokenVerifier, TrustedIssuer

LONGEST_HEADER: Final = 8 * 1024
# One token in the compact form. A second Authorization header would arrive joined with a comma, which this is not.
BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")

_building = threading.Lock()
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who was authenticated, and what they may do."""

    subject: str
    scopes: frozenset[str] = frozenset()
    is_service: bool = False
    is_authenticated: bool = True

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes


ANONYMOUS: Final = Caller(subject="", is_authenticated=False)


def caller_of(request: Request) -> Caller:
    """Return `request.user` as what it is here; Django's own users do not exist in this service."""
    return cast("Caller | None", request.user) or ANONYMOUS  # None where a view has switched authentication off


class TokenAuthentication(BaseAuthentication):
    """
    Reads the Authorization header, and nothing else: a token in the address would end up in logs.

    Without the header the caller is anonymous, and the view decides. With a header that is not exactly one good bearer
    token the answer is 401, even where nobody would have had to say who they are.
    """

    def authenticate(self, request: Request) -> tuple[Caller, Claims | None]:
        """
        Return the caller, and what the token says.

        :raises AuthenticationFailed: if the token proves nothing.
        :raises IdentityProviderUnavailable: if nobody can tell.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return ANONYMOUS, None
        bearer = BEARER.fullmatch(header) if len(header) <= LONGEST_HEADER else None
        if bearer is None:
            raise AuthenticationFailed("The Authorization header is not one bearer token of at most 8 KiB.")

        try:
            claims = self.verifier().verify(bearer[1])
        except TokenRefused as error:
            log.info("token_refused", reason=str(error))
            raise AuthenticationFailed(f"The access token is refused: {error}.") from error
        except KeysUnavailable as error:
            raise IdentityProviderUnavailable from error
        return _caller(claims), claims

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750, 3): an error code only for who has sent something."""
        return 'Bearer error="invalid_token"' if "HTTP_AUTHORIZATION" in request.META else "Bearer"

    def verifier(self) -> TokenVerifier:
        """Return this process's verifier. The first token makes it: after the fork, with no key read yet."""
        with _building:  # or two first requests would make two, and fetch the keys twice
            return _verifier(tuple(settings.TRUSTED_ISSUERS))


@lru_cache(maxsize=1)
def _verifier(issuers: tuple[Issuer, ...]) -> TokenVerifier:
    if len({issuer.name for issuer in issuers}) < len(issuers):
        raise ImproperlyConfigured(
            "Two trusted issuers have the same name: AUTH_ISSUER and AUTH_SERVICE_ISSUER must differ, "
            "or users could claim to be services."
        )
    return TokenVerifier(
        *(
            TrustedIssuer(issuer.name, issuer.audience, KeySet(issuer=issuer.name, read=key_set_reader(issuer.jwks)))
            for issuer in issuers
        )
    )


def _caller(claims: Claims) -> Caller:
    """Return the caller with the scopes that its issuer may give. A service has those of its row, and no others."""
    rows = {issuer.name: issuer.scopes for issuer in settings.TRUSTED_ISSUERS}
    of_this_issuer = rows.get(claims.issuer)
    if of_this_issuer is not None:
        return Caller(claims.subject, of_this_issuer, is_service=True)
    of_services = frozenset[str]().union(*(scopes for scopes in rows.values() if scopes))
    return Caller(claims.subject, claims.scopes - of_services)
