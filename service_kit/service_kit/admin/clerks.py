"""The clerks of the admin: what they are called in ledgers and logs."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse


def subject_of(user: AbstractBaseUser) -> str:
    """Name a clerk as the caller of a service is named; the prefix keeps them apart from the subjects of tokens."""
    return f"admin:{user.get_username()}"


class NameTheClerk:
    """Middleware that tells the request log who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            request.user.subject = subject_of(request.user)  # type: ignore[attr-defined] # where service_kit.telemetry.request_log looks
        return response
