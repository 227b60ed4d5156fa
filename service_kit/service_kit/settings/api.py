"""The settings that every service begins with: `from service_kit.settings.api import *`, and then its own."""

from pathlib import Path
from typing import Any

from environs import FileAwareEnv
from marshmallow.validate import Length, OneOf, Range

from service_kit.auth import development
from service_kit.auth.issuers import Issuer
from service_kit.database.addresses import parse_address
from service_kit.database.connections import connection_settings
from service_kit.rest.ids import ID_SCHEMA
from service_kit.settings.secrets import refuse_missing, refuse_weak
from service_kit.settings.urls import is_collector, is_key_set, is_proxy
from service_kit.telemetry import tracing
from service_kit.telemetry.logs import logging_settings

env = FileAwareEnv(strip_whitespace=True)  # NAME_FILE names a file that holds NAME, the newline at its end not included

# ---- what the process is -----------------------------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
VERSION: str = env.str("VERSION", default="development")
SECRET_KEY: str = env.str("SECRET_KEY", default="only-for-debug-mode" if DEBUG else "")
ALLOWED_HOSTS: list[str] = [
    host.strip()
    for host in env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
    if host.strip()
]
LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOG_FORMAT: str = env.str("LOG_FORMAT", default="console" if DEBUG else "json", validate=OneOf(["json", "console"]))

# ---- traces: OpenTelemetry itself reads the rest of its standard's variables ---------------------------------------
TRACING: bool = tracing.is_wanted(
    endpoints=[
        env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="", validate=is_collector),
        env.str("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default="", validate=is_collector),
    ],
    disabled=env.bool("OTEL_SDK_DISABLED", default=False),
)

# ---- whose tokens are accepted -----------------------------------------------------------------------------------
AUTH_JWKS: str = env.str("AUTH_JWKS", default=str(development.JWKS) if DEBUG else "", validate=is_key_set)
AUTH_ISSUER: str = env.str("AUTH_ISSUER", default=development.ISSUER if DEBUG else "")
AUTH_AUDIENCE: str = env.str("AUTH_AUDIENCE", default=development.AUDIENCE if DEBUG else "")  # of several, any
AUTH_AUDIENCE_CLAIM: str = env.str("AUTH_AUDIENCE_CLAIM", default="aud", validate=OneOf(["aud", "client_id"]))
AUTH_SCOPE_CLAIM: str = env.str("AUTH_SCOPE_CLAIM", default="scope", validate=Length(min=1))
AUTH_SCOPE_FORMAT: str = env.str("AUTH_SCOPE_FORMAT", default="string", validate=OneOf(["string", "list"]))
AUTH_SCOPE_PREFIX: str = env.str("AUTH_SCOPE_PREFIX", default="")
AUTH_REQUIRE_KID: bool = env.bool("AUTH_REQUIRE_KID", default=True)
AUTH_JWKS_PROXY: str = env.str("AUTH_JWKS_PROXY", default="", validate=is_proxy)
USERS_ISSUER = Issuer(
    name=AUTH_ISSUER,
    audience=tuple(each.strip() for each in AUTH_AUDIENCE.split(",") if each.strip()),
    jwks=AUTH_JWKS,
    audience_claim=AUTH_AUDIENCE_CLAIM,
    scope_claim=AUTH_SCOPE_CLAIM,
    scope_is_list=AUTH_SCOPE_FORMAT == "list",
    scope_prefix=AUTH_SCOPE_PREFIX,
    requires_kid=AUTH_REQUIRE_KID,
    jwks_proxy=AUTH_JWKS_PROXY,
)
TRUSTED_ISSUERS = [USERS_ISSUER]
SERVICE_SCOPES: frozenset[str] = frozenset()  # that only services may have: no user's token can carry one

if not DEBUG:
    refuse_weak({"SECRET_KEY": SECRET_KEY})
    refuse_missing(
        {
            "ALLOWED_HOSTS": "".join(ALLOWED_HOSTS),
            "AUTH_JWKS": AUTH_JWKS,
            "AUTH_ISSUER": AUTH_ISSUER,
            "AUTH_AUDIENCE": "".join(USERS_ISSUER.audience),
        }
    )


# ---- the database ------------------------------------------------------------------------------------------------
def databases(folder: Path) -> dict[str, dict[str, Any]]:
    """Return DATABASES: what DATABASE_URL says, or SQLite in the service's folder."""
    return {
        "default": connection_settings(
            parse_address(env.str("DATABASE_URL", default=f"sqlite:///{folder / 'db.sqlite3'}")),
            lock_timeout_ms=env.int("DATABASE_LOCK_TIMEOUT_MS", default=5000, validate=Range(min=1, max=10**9)),
            statement_timeout_ms=env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=0, validate=Range(min=0, max=10**9)),
            pooler=env.str("DATABASE_POOLER", default="none", validate=OneOf(["none", "transaction"])) != "none",
        )
    }


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Django ------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = ["rest_framework", "django_filters", "drf_spectacular", "service_kit"]
MIDDLEWARE = [
    "service_kit.telemetry.request_log.RequestLog",
    "service_kit.rest.middleware.HttpRules",  # Django's own common rules, and those of answers without content
]
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False
LOGGING = logging_settings(level=LOG_LEVEL, log_format=LOG_FORMAT)

# The gateway is the only peer; it sets this header itself and ends TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HTTPS is enforced where it ends, at the gateway; between gateway and service there is a private network or a socket.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # no SecurityMiddleware: the gateway sets its headers, on every answer, its own included
    "security.W002",  # nothing here is a page; the gateway forbids framing, its own pages included
    "security.W003",  # no CSRF middleware: no cookie authenticates here, only bearer tokens
    "security.W004",  # HSTS is the gateway's
    "security.W008",  # the redirect to HTTPS is the gateway's
]

# ---- the API -----------------------------------------------------------------------------------------------------
PROBLEM_TABLE = "config.problems"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["service_kit.auth.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["service_kit.auth.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["service_kit.rest.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "service_kit.rest.negotiation.JSONOnly",
    "DEFAULT_PAGINATION_CLASS": "service_kit.rest.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "service_kit.contract.openapi.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "service_kit.rest.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "service_kit.rest.problems.ProblemFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
    "NESTED_FIELD_SEPARATOR": "/",
}
SPECTACULAR_SETTINGS = {
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/(api|internal)/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PATH_CONVERTER_OVERRIDES": {"id": dict(ID_SCHEMA), "uuid_in_any_case": {"type": "string", "format": "uuid"}},
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
