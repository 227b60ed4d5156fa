"""The names of the admin's users in the ledger and in logs."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from service_kit.auth.claims import CLERK_PREFIX


def subject_of(user: AbstractBaseUser) -> str:
    """Return the subject of an admin's user. No token may have one that begins like it."""
    return f"{CLERK_PREFIX}{user.get_username()}"


class NameTheClerk:
    """Middleware that gives the request log the user who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            request.user.subject = subject_of(request.user)  # type: ignore[attr-defined] # service_kit.telemetry.request_log reads it
        return response
