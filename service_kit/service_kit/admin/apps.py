"""The kit's admin as a Django app."""

from django.apps import AppConfig


class KitAdminConfig(AppConfig):
    name = "service_kit.admin"
    label = "kit_admin"  # Django's own app has the label "admin"
