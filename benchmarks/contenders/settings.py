"""The settings of every contender on Django; CONTENDER says whose. Without it: all tables, for the type checker."""

import os
from typing import Any

from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

CONTENDER = os.environ.get("CONTENDER", "")
IS_TUNED = CONTENDER in {"tuned", "grouped", "guarded", "guarded_grouped", "trimmed"}
HOST, _, NAME = os.environ.get("DATABASE", ":").partition(":")  # the folder of the server's socket, and the database

SECRET_KEY = "only-for-benchmarks"  # noqa: S105 - it signs nothing
ALLOWED_HOSTS = ["127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = {
    "guarded": "contenders.monolith.guarded",
    "guarded_grouped": "contenders.monolith.guarded",
    "trimmed": "contenders.monolith.trimmed",
    "article": "contenders.monolith.article",
    "port": "contenders.usual_port.views",
}.get(CONTENDER, "contenders.monolith.urls")
PLACE_ORDER = f"contenders.monolith.{'grouped.place_together' if 'grouped' in CONTENDER else 'services.place_order'}"
PRODUCTS_URL = os.environ.get("PRODUCTS_URL", "")

# What `django-admin startproject` writes, for the contenders that leave it as it is.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "contenders.monolith",
    "contenders.usual_port",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "static/"
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.postgresql", "HOST": HOST, "NAME": NAME, "USER": "postgres"}
}
if CONTENDER == "usual":
    DATABASES["default"]["CONN_MAX_AGE"] = 600

# Every setting that the shop has, and no tokens, keys or logs to pay for.
if IS_TUNED:
    INSTALLED_APPS = ["rest_framework", "contenders.monolith"]
    MIDDLEWARE = []
    TEMPLATES = []
    USE_I18N = False
    # Kept connections, parameters bound by the server, statements prepared at their second use.
    prepared = {"server_side_binding": True, "prepare_threshold": 1}
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "OPTIONS": prepared}
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

if "guarded" in CONTENDER:
    MIDDLEWARE = ["contenders.monolith.guarded.RequestLog"]
    LOGGING = {
        "version": 1,
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
        "loggers": {"requests": {"handlers": ["stdout"], "level": "INFO"}},
    }
