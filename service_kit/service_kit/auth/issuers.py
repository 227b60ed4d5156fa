"""The table of trusted issuers: `settings.TRUSTED_ISSUERS`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    One issuer whose tokens a service accepts.

    :param name: what its tokens say in `iss`.
    :param audience: what its tokens must say in `aud`.
    :param jwks: where its public keys are: an http(s) URL, or the path of a file.
    :param scopes: for an issuer that is a service: the scopes that each of its tokens has, whatever the token says.
        None for the issuer of the users' tokens, which carry their own scopes. No user has a scope of a service.
    """

    name: str
    audience: str
    jwks: str
    scopes: frozenset[str] | None = None
