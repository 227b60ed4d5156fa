"""Who calls: a bearer token becomes a caller with scopes."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from service_kit.auth.claims import Claims, TokenRefused
from service_kit.auth.errors import IdentityProviderUnavailable, MalformedAuthorization, challenge
from service_kit.auth.issuers import Issuer
from service_kit.auth.key_sources import key_set_reader
from service_kit.auth.keys import KeySet, KeysUnavailable
from service_kit.auth.tokens import TokenVerifier, TrustedIssuer

LONGEST_HEADER: Final = 8 * 1024
SCHEME: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: |\Z)")  # RFC 9110, 11.4
# Exactly one token (RFC 6750, 2.1). Servers join a second Authorization header with a comma, which cannot be in it.
BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")

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
    """Return `request.user` with its real type; Django's own users do not exist in this service."""
    return cast("Caller | None", request.user) or ANONYMOUS  # None where a view has switched authentication off


class TokenAuthentication(BaseAuthentication):
    """
    Reads the Authorization header, and nothing else: a token in the URL would end up in logs.

    Without the header the caller is anonymous, and the view decides. A header that is not exactly one accepted bearer
    token is refused, even by views that need none.
    """

    def authenticate(self, request: Request) -> tuple[Caller, Claims | None]:
        """
        Return the caller, and what the token says.

        :raises MalformedAuthorization: if the header is empty, or Bearer without exactly one token.
        :raises AuthenticationFailed: if the token is refused, or the scheme is another one.
        :raises IdentityProviderUnavailable: if the issuer's keys cannot be fetched.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return ANONYMOUS, None

        try:
            claims = self.verifier().verify(_token(header))
        except TokenRefused as error:
            log.info("token_refused", reason=str(error))
            raise AuthenticationFailed(f"The access token is refused: {error}.") from error
        except KeysUnavailable as error:
            raise IdentityProviderUnavailable from error
        return _caller(claims), claims

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401: with an error code only if a bearer token was sent (RFC 6750, 3.1)."""
        was_sent = _scheme(request.META.get("HTTP_AUTHORIZATION", "")) == "bearer"
        return challenge("invalid_token") if was_sent else challenge()

    def verifier(self) -> TokenVerifier:
        """Return this process's verifier. The first token builds it: after the fork, with no key fetched yet."""
        with _building:  # or two first requests would build two, and fetch the keys twice
            return _verifier(tuple(settings.TRUSTED_ISSUERS))


def _token(header: str) -> str:
    scheme = _scheme(header)
    if scheme is None:
        raise MalformedAuthorization
    if scheme != "bearer":
        raise AuthenticationFailed("The Authorization header must use the scheme Bearer, with an access token.")
    if len(header) > LONGEST_HEADER:
        raise TokenRefused("it is larger than 8 KiB")
    bearer = BEARER.fullmatch(header)
    if bearer is None:
        raise MalformedAuthorization
    return bearer[1]


def _scheme(header: str) -> str | None:
    found = SCHEME.match(header)
    return found[1].lower() if found else None


@lru_cache(maxsize=1)
def _verifier(issuers: tuple[Issuer, ...]) -> TokenVerifier:
    if len({issuer.name for issuer in issuers}) < len(issuers):
        raise ImproperlyConfigured(
            "Two trusted issuers have the same name: AUTH_ISSUER, AUTH_SERVICE_ISSUER and the services of "
            "TRUSTED_SERVICE_... must differ, or users could claim to be services."
        )
    return TokenVerifier(*(TrustedIssuer(issuer, _keys(issuer)) for issuer in issuers))


def _keys(issuer: Issuer) -> KeySet:
    user_agent = f"{settings.SERVICE_NAME}/{settings.VERSION}"
    read = key_set_reader(issuer.jwks, user_agent=user_agent, proxy=issuer.jwks_proxy)
    return KeySet(issuer=issuer.name, read=read)


def _caller(claims: Claims) -> Caller:
    """Return the caller with the scopes that its issuer may give. A service has those of its row, and no others."""
    of_each, of_any = _scopes_of_services(tuple(settings.TRUSTED_ISSUERS), settings.SERVICE_SCOPES)
    of_this_issuer = of_each.get(claims.issuer)
    if of_this_issuer is not None:
        return Caller(claims.subject, of_this_issuer, is_service=True)
    return Caller(claims.subject, claims.scopes - of_any)


@lru_cache(maxsize=1)
def _scopes_of_services(
    issuers: tuple[Issuer, ...], declared: frozenset[str]
) -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Return the scopes of each issuer that is a service, and all scopes that no user may have."""
    of_each = {issuer.name: issuer.scopes for issuer in issuers if issuer.scopes is not None}
    return of_each, declared.union(*of_each.values())
