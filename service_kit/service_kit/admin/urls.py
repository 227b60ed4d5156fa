"""The addresses of an admin: its pages at `settings.ADMIN_PATH`, the probes, and the other services' admins."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from service_kit.admin.log_in import SlowLogIn, log_in
from service_kit.rest import health


def admin_urls(*, title: str, index_title: str) -> list[URLPattern | URLResolver]:
    """Return the `urlpatterns` of a service's admin, with the headings of every page and of the first one."""
    admin.site.site_title = admin.site.site_header = title
    admin.site.index_title = index_title
    admin.site.site_url = None  # there is no public site to link to
    admin.site.login_form = SlowLogIn
    return [
        path(f"{settings.ADMIN_PATH.removeprefix('/')}login/", log_in),  # before the admin's own
        path(settings.ADMIN_PATH.removeprefix("/"), admin.site.urls),
        path("livez", health.livez),
        path("readyz", health.readyz),
    ]


def other_admins(request: HttpRequest) -> Mapping[str, Any]:
    """Return what templates know of the other admins: their addresses at the gateway, by name."""
    return {"other_admins": settings.OTHER_ADMINS}  # type: ignore[misc] # `admin_settings` sets it
