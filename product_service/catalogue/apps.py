"""The catalogue app: no tables of its own."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "catalogue"
