"""The addresses of an admin: its pages at `settings.ADMIN_PATH`, and the probes."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from service_kit.rest import health


def admin_urls(*, title: str, index_title: str) -> list[URLPattern | URLResolver]:
    """
    Return the `urlpatterns` of a service's admin.

    :param title: what stands on top of every page.
    :param index_title: what stands on top of the first one.
    """
    admin.site.site_title = admin.site.site_header = title
    admin.site.index_title = index_title
    admin.site.site_url = None  # there is no other page to go to
    return [
        path(settings.ADMIN_PATH.removeprefix("/"), admin.site.urls),
        path("livez", health.livez),
        path("readyz", health.readyz),
    ]
