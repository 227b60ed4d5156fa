"""Errors of authentication that DRF does not define, and the WWW-Authenticate header of a refusal (RFC 6750, 3)."""

from http import HTTPStatus

from django.conf import settings
from rest_framework.exceptions import APIException


def challenge(error: str = "", *, scope: str = "") -> str:
    """Return the header's value: an `error` of RFC 6750 only after a bearer token, the `scope` that was needed."""
    parameters = {"realm": settings.SERVICE_NAME, "error": error, "scope": scope}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items() if value)


class MalformedAuthorization(APIException):
    """The Authorization header is empty, or is the scheme Bearer without exactly one token (RFC 6750, 3.1)."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = "The Authorization header must be the word Bearer, a space and one access token."
    default_code = "invalid-request"

    @property
    def auth_header(self) -> str:
        """DRF's exception handler sends it as WWW-Authenticate."""
        return challenge("invalid_request")


class IdentityProviderUnavailable(APIException):
    """A token was sent and cannot be verified: it is neither accepted, nor refused as the client's mistake."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The access token cannot be verified at the moment; try again."
    default_code = "identity-provider-unavailable"
    wait = 5  # seconds, sent as Retry-After; the keys are fetched again after as many
