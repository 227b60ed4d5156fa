"""Errors of this service's HTTP manners that no library knows."""

from http import HTTPStatus

from rest_framework.exceptions import APIException


class IdentityProviderUnavailable(APIException):
    """A token was sent and nobody can tell whether it is good: neither a pass nor the caller's mistake."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The access token cannot be verified at the moment; try again."
    default_code = "identity-provider-unavailable"
    wait = 5  # seconds, sent as Retry-After; the keys are asked for again after as many
