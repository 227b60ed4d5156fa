"""
Logging in to the admin: passwords of one account are tried slowly, wherever the attempts come from.

A stranger who keeps trying would keep the account's clerk out, too. So a browser in which the clerk has logged in
before has a signed cookie that says so, and its attempts are counted apart ("device cookies", OWASP).
"""

import secrets
from typing import Any

import structlog
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from service_kit.admin.clerks import subject_of
from service_kit.admin.models import PasswordAttempts
from service_kit.database.clock import read_clock

YEAR = 365 * 24 * 60 * 60  # seconds
TOO_OFTEN = "Too many passwords were tried for this account. Try again in %(seconds)d seconds."
log = structlog.get_logger(__name__)


class SlowLogIn(AdminAuthenticationForm):
    """The form that asks for a name and a password."""

    def clean(self) -> dict[str, Any]:
        """Check the password; raise ValidationError if it is wrong, or if this account's next attempt has to wait."""
        name = self.cleaned_data.get("username", "")
        account = _counted_as(self.request, name)  # type: ignore[arg-type] # the view of the admin has always one
        if wait := PasswordAttempts.objects.begin(account, now=read_clock()):
            for user in User.objects.filter(username=name):  # no name that is none: it may be a password
                log.warning("too many passwords tried", account=subject_of(user))
            raise ValidationError(TOO_OFTEN, code="too_often", params={"seconds": int(wait) + 1})

        cleaned = super().clean()

        PasswordAttempts.objects.forget(account)
        return cleaned


def log_in(request: HttpRequest) -> HttpResponseBase:
    """Answer as the admin's own view does. A browser in which somebody has logged in is known for a year."""
    response = admin.site.login(request)
    if isinstance(response, HttpResponseRedirect) and request.method == "POST" and isinstance(request.user, User):
        response.set_signed_cookie(
            settings.BROWSER_COOKIE_NAME,  # type: ignore[misc] # `admin_settings` sets it
            f"{_hash(request.user.get_username())}.{secrets.token_hex(16)}",
            max_age=YEAR,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _counted_as(request: HttpRequest, name: str) -> str:
    """Return what attempts are counted under: the account, or the account in a browser that knows it."""
    account = _hash(name)
    name_of_it: str = settings.BROWSER_COOKIE_NAME  # type: ignore[misc] # `admin_settings` sets it
    known = request.get_signed_cookie(name_of_it, default=None, max_age=YEAR) or ""
    return _hash(known) if known.startswith(f"{account}.") else account


def _hash(text: str) -> str:
    return salted_hmac("service_kit.admin.log_in", text, algorithm="sha256").hexdigest()
