"""The things app."""

from django.apps import AppConfig


class ThingsConfig(AppConfig):
    name = "things"
