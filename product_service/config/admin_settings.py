"""The settings of the admin: those of the API, and what pages for people with cookies need beside them."""

from config.settings import *  # noqa: F403 - whatever is not said here is as in the API
from config.settings import INSTALLED_APPS as API_APPS
from config.settings import LOGGING as API_LOGGING
from config.settings import MIDDLEWARE as API_MIDDLEWARE
from config.settings import env

# The same here, at the gateway and in the browser, so that nobody has to translate addresses.
ADMIN_PATH = "/admin/products/"

# ---- Django ------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.admin_urls"
WSGI_APPLICATION = "config.admin_wsgi.application"
INSTALLED_APPS = [
    *API_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    *API_MIDDLEWARE,
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "api.clerks.NameTheClerk",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
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
FORMAT_MODULE_PATH = "config.formats"
# No table of problems tells of what nobody expected: Django's own log does, with the stack trace.
LOGGING = {**API_LOGGING, "loggers": {**API_LOGGING["loggers"], "django.request": {"level": "ERROR"}}}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # HSTS and the redirect to HTTPS are the gateway's

# ---- who may come in ---------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "product_admin_session"
CSRF_COOKIE_NAME = "product_admin_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = ADMIN_PATH  # the other service's admin has cookies of its own
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
STATIC_URL = f"{ADMIN_PATH}static/"
WHITENOISE_USE_FINDERS = True  # served from where they were installed: nothing to collect, nothing to forget
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600  # seconds
