"""The kit as a Django app: what is set up once, when all apps are loaded."""

from django.apps import AppConfig
from django.core import checks

from service_kit.auth.permissions import every_view_declares_its_scopes


class ServiceKitConfig(AppConfig):
    name = "service_kit"

    def ready(self) -> None:
        from service_kit.rest.views import every_view_keeps_the_rules  # noqa: PLC0415 - DRF's views need loaded apps

        checks.register(every_view_declares_its_scopes, checks.Tags.security)
        checks.register(every_view_keeps_the_rules, checks.Tags.urls)
