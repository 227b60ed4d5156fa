"""The follower as a Django app: it keeps the positions in the consumer's own database."""

from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "service_kit.following"
    label = "following"
    default_auto_field = "django.db.models.BigAutoField"
