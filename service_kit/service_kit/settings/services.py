"""The services that this one trusts, as the environment lists them: one variable a service."""

import os

from django.core.exceptions import ImproperlyConfigured
from marshmallow import ValidationError

from service_kit.auth.issuers import Issuer
from service_kit.settings.urls import is_key_set

PREFIX = "TRUSTED_SERVICE_"


def trusted_services(*, audience: str, scopes: frozenset[str]) -> list[Issuer]:
    """
    Return a row of TRUSTED_ISSUERS for each variable TRUSTED_SERVICE_<NAME>=<key set> <scope> [<scope> ...].

    :param scopes: those that a service may be given here. No user's scope is among them.
    :raises ImproperlyConfigured: if a variable names no scope, or another one.
    """
    rows = {name: os.environ[name].split() for name in sorted(os.environ) if name.startswith(PREFIX)}
    for name, row in rows.items():
        if not 0 < len(set(row[1:])) == len(scopes.intersection(row[1:])):
            allowed = ", ".join(sorted(scopes)) or "none"
            raise ImproperlyConfigured(
                f"{name} must name a key set, then scopes of services. Here there are: {allowed}."
            )
        try:
            is_key_set(row[0])
        except ValidationError as error:
            raise ImproperlyConfigured(f"{name}: {' '.join(error.messages)}") from None
    return [
        Issuer(name=name.removeprefix(PREFIX).lower(), audience=audience, jwks=row[0], scopes=frozenset(row[1:]))
        for name, row in rows.items()
    ]
