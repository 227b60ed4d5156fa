"""Every setting of the service; the environment is read here and nowhere else."""

from pathlib import Path

from environs import FileAwareEnv
from marshmallow.validate import OneOf, Range

from config import tracing
from config.database import connection_settings
from config.logs import logging_settings
from config.secrets import refuse_missing, refuse_weak
from config.service_token import signing_key

env = FileAwareEnv(strip_whitespace=True)  # NAME_FILE names a file that holds NAME, the newline at its end not included
BASE_DIR = Path(__file__).resolve().parent.parent

# ---- what the process is -----------------------------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
VERSION: str = env.str("VERSION", default="development")
SECRET_KEY: str = env.str("SECRET_KEY", default="only-for-debug-mode" if DEBUG else "")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOG_FORMAT: str = env.str("LOG_FORMAT", default="console" if DEBUG else "json", validate=OneOf(["json", "console"]))

# ---- traces: OpenTelemetry itself reads the rest of its standard's variables ---------------------------------------
TRACING: bool = tracing.is_wanted(
    endpoints=[
        env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default=""),
        env.str("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default=""),
    ],
    disabled=env.bool("OTEL_SDK_DISABLED", default=False),
)

# ---- who is believed ---------------------------------------------------------------------------------------------
AUTH_JWKS: str = env.str("AUTH_JWKS", default="")
AUTH_ISSUER: str = env.str("AUTH_ISSUER", default="")
AUTH_AUDIENCE: str = env.str("AUTH_AUDIENCE", default="")

# ---- product_service ---------------------------------------------------------------------------------------------
PRODUCTS_URL: str = env.str("PRODUCTS_URL", default="http://127.0.0.1:8081")
SERVICE_TOKEN_KEY: str = env.str("SERVICE_TOKEN_KEY", default="")  # a private JWK: this service's own identity
# How many threads of a process may wait for product_service at once: the rest goes on serving reads and cancels.
PRODUCTS_PLACES: int = env.int(
    "PRODUCTS_PLACES", default=max(1, env.int("WEB_THREADS", default=64) * 7 // 8), validate=Range(min=1)
)

# ---- the reconciler ----------------------------------------------------------------------------------------------
METRICS_BIND: str = env.str("METRICS_BIND", default="")  # gunicorn reads it for itself
AUDIT_INTERVAL: float = env.float("AUDIT_INTERVAL", default=3600.0, validate=Range(min=0))  # seconds; 0 for never

if not DEBUG:
    refuse_weak({"SECRET_KEY": SECRET_KEY, "SERVICE_TOKEN_KEY": SERVICE_TOKEN_KEY})
    signing_key(SERVICE_TOKEN_KEY)
    refuse_missing(
        {
            "ALLOWED_HOSTS": ",".join(ALLOWED_HOSTS),
            "AUTH_JWKS": AUTH_JWKS,
            "AUTH_ISSUER": AUTH_ISSUER,
            "AUTH_AUDIENCE": AUTH_AUDIENCE,
        }
    )

# ---- the database ------------------------------------------------------------------------------------------------
DATABASES = {
    "default": connection_settings(
        env.dj_db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        lock_timeout_ms=env.int("DATABASE_LOCK_TIMEOUT_MS", default=5000, validate=Range(min=1)),
        statement_timeout_ms=env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=0, validate=Range(min=0)),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Django ------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = ["rest_framework", "django_filters", "drf_spectacular", "api", "orders"]
MIDDLEWARE = [
    "api.request_log.RequestLog",
    "django.middleware.common.CommonMiddleware",  # refuses a wrong Host, and tells the length of an answer
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
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.JSONOnly",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.openapi.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "api.problems.ProblemFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
    "NESTED_FIELD_SEPARATOR": "/",
}
PUBLIC_CONTRACT = BASE_DIR / "openapi.yaml"  # what anybody may read of it
SPECTACULAR_SETTINGS = {
    "TITLE": "order_service",
    "DESCRIPTION": "Orders, placed against another service and never lost, doubled or oversold.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/(api|internal)/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
