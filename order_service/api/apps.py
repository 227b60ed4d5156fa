"""The API room as Django sees it: the place where its system check is registered."""

from django.apps import AppConfig
from django.core import checks

from api.permissions import every_view_declares_its_scopes


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        checks.register(every_view_declares_its_scopes, checks.Tags.security)
