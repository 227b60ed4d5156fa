"""The monolith with every setting that the shop has, and no tokens, keys or logs to pay for."""

from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

from contenders.database import postgresql

SECRET_KEY = "only-for-benchmarks"  # noqa: S105 - it signs nothing
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "contenders.monolith.urls"
PLACE_ORDER = "contenders.monolith.services.place_order"
INSTALLED_APPS = ["rest_framework", "contenders.monolith"]
MIDDLEWARE: list[str] = []
USE_I18N = False
# Kept connections, parameters bound by the server, statements prepared at their second use.
DATABASES = {
    "default": postgresql("DATABASE", CONN_MAX_AGE=None, OPTIONS={"server_side_binding": True, "prepare_threshold": 1})
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
# Nothing that these do at each request is needed here; the shop leaves Django's receivers connected.
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)
request_finished.disconnect(close_old_connections)
