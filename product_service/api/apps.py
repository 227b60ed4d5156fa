"""The API room as Django sees it: what is set up once, when everything is loaded."""

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

from api.permissions import every_view_declares_its_scopes


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        checks.register(every_view_declares_its_scopes, checks.Tags.security)
        if not settings.DEBUG:
            _leave_out_what_changes_nothing()


def _leave_out_what_changes_nothing() -> None:
    """
    Stop what Django does around each request, where there is nothing to do.

    Queries are kept in debug mode only, and there is no cache. A database connection is kept for ever, and looked at
    when the next request of its thread begins, so that there is no need to look at it when one ends.
    """
    request_started.disconnect(reset_queries)
    request_finished.disconnect(close_caches)
    request_finished.disconnect(close_old_connections)
