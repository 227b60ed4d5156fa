"""The WWW-Authenticate header of a refusal (RFC 6750, 3)."""

from django.conf import settings


def challenge(error: str = "", *, scope: str = "") -> str:
    """Return the header's value. `error` is one of RFC 6750's, none without a bearer token; `scope` was needed."""
    parameters = {"realm": settings.SERVICE_NAME, "error": error, "scope": scope}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items() if value)
