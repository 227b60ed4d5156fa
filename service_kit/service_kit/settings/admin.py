"""The settings that the admin needs in addition to those of the API."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from service_kit.settings.api import LOGGING as API_LOGGING
from service_kit.settings.api import env

ADMIN_APPS = [
    "service_kit.admin",  # before Django's, whose template it extends
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
ADMIN_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "service_kit.admin.clerks.NameTheClerk",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.admin_urls"
WSGI_APPLICATION = "config.admin_wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "service_kit.admin.urls.other_admins",
            ]
        },
    }
]
FORMAT_MODULE_PATH = "service_kit.admin.formats"
# The API logs unexpected errors when it renders them as problems. The admin has no problems, so Django logs its errors.
LOGGING = {**API_LOGGING, "loggers": {**API_LOGGING["loggers"], "django.request": {"level": "ERROR"}}}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # HSTS and the redirect to HTTPS are the gateway's

# ---- who may log in ----------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("ADMIN_COOKIES_SECURE", default=True)
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; a long working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# ---- its files ---------------------------------------------------------------------------------------------------
WHITENOISE_USE_FINDERS = True  # served from the packages, so that `collectstatic` is not needed
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600  # seconds


def admin_settings(
    *,
    path: str,
    cookies: str,
    apps: Sequence[str],
    middleware: Sequence[str],
    others: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """
    Return all settings in which a service's admin differs from its API.

    :param path: the path of the admin, the same in the service, at the gateway and in the browser.
    :param cookies: the prefix of the names of its cookies, which differs between the admins of two services.
    :param apps: the apps of the API.
    :param middleware: the middleware of the API.
    :param others: the other services' admins that every page leads to, their addresses by name.
    """
    return {
        **{name: value for name, value in globals().items() if name.isupper()},
        "INSTALLED_APPS": [*ADMIN_APPS, *apps],
        "MIDDLEWARE": [*middleware, *ADMIN_MIDDLEWARE],
        "OTHER_ADMINS": others,
        "STATIC_URL": f"{path}static/",
        "SESSION_COOKIE_NAME": f"{cookies}_session",
        "CSRF_COOKIE_NAME": f"{cookies}_csrf",
        "BROWSER_COOKIE_NAME": f"{cookies}_browser",
        "SESSION_COOKIE_PATH": path,
        "CSRF_COOKIE_PATH": path,
    }
