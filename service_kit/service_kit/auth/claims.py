"""What a token says: its claims, checked after its signature."""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from service_kit.auth.issuers import Issuer

REQUIRED_CLAIMS: Final = ("exp", "iat", "iss", "sub")  # and the issuer's audience claim
LONGEST_SUBJECT: Final = 255  # characters; it is stored with what the caller owns
CLERK_PREFIX: Final = "admin:"  # what the subjects of the admin's users begin with, and those of tokens never
LEEWAY_SECONDS: Final = 60  # for clocks that differ, when a token begins; its end is exact


class TokenRefused(Exception):
    """The token is not accepted. The message is a constant: it never repeats what the token says."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    issuer: str
    subject: str
    scopes: frozenset[str]
    expires_at: float


def check_claims(payload: Mapping[str, Any], *, issuer: Issuer, now: float) -> Claims:
    """
    Return the claims of a token whose signature and `iss` were verified.

    :param now: seconds since 1970.
    :raises TokenRefused: if a claim is missing or malformed, or the token is out of its time or for another audience.
    """
    if any(payload.get(name) is None for name in (*REQUIRED_CLAIMS, issuer.audience_claim)):
        raise TokenRefused("a claim is missing")
    expires_at = _instant(payload["exp"])
    if expires_at <= now:
        raise TokenRefused("it has expired")
    if max(_instant(payload["iat"]), _instant(payload.get("nbf", 0))) > now + LEEWAY_SECONDS:
        raise TokenRefused("it is not valid yet")
    if not issuer.audiences.intersection(_audiences(payload[issuer.audience_claim])):
        raise TokenRefused("its audience is not this API")
    if not isinstance(payload.get("jti", ""), str):
        raise TokenRefused("it is malformed")
    return Claims(issuer.name, _subject(payload["sub"]), _scopes(payload, issuer), expires_at)


def is_of_a_clerk(subject: str) -> bool:
    """Return whether a subject is, or looks to a reader like, that of an admin's user, such as ` Admin:root`."""
    return unicodedata.normalize("NFKC", subject).strip().casefold().startswith(CLERK_PREFIX)


def _instant(value: object) -> float:
    """Return a NumericDate (RFC 7519, 2): a finite number of seconds since 1970."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value  # as it is: an int may be too large for a float
    raise TokenRefused("one of its times is not a number")


def _audiences(value: object) -> list[str]:
    """Return `aud` (RFC 7519, 4.1.3): a string, or a list of strings."""
    listed = [value] if isinstance(value, str) else value
    if not _is_list_of_strings(listed):
        raise TokenRefused("its audience is not a string or a list of strings")
    return listed


def _subject(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_SUBJECT or not value.isprintable():
        raise TokenRefused("its subject is not 1 to 255 printable characters")
    if is_of_a_clerk(value):
        raise TokenRefused("its subject begins with `admin:`, as those of the admin's users do")
    return value


def _scopes(payload: Mapping[str, Any], issuer: Issuer) -> frozenset[str]:
    """Return the scopes, without the prefix. A token without the claim has none."""
    value = payload.get(issuer.scope_claim, [] if issuer.scope_is_list else "")
    if issuer.scope_is_list:
        if not _is_list_of_strings(value):
            raise TokenRefused("its scope is not a list of strings")
        scopes = value
    else:
        if not isinstance(value, str):
            raise TokenRefused("its scope is not a string")
        scopes = value.split()
    prefix = issuer.scope_prefix
    return frozenset(scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix))


def _is_list_of_strings(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
