"""The settings of the service: the kit's, and its own. The environment is read here and there, and nowhere else."""

from pathlib import Path

from marshmallow.validate import Range

from service_kit.auth.issuers import Issuer
from service_kit.settings.api import *  # noqa: F403 - whatever is not set here is as in the kit
from service_kit.settings.api import DEBUG, INSTALLED_APPS, SPECTACULAR_SETTINGS, TRUSTED_ISSUERS, databases, env
from service_kit.settings.secrets import refuse_missing
from service_kit.settings.services import trusted_services
from service_kit.settings.urls import is_key_set

BASE_DIR = Path(__file__).resolve().parent.parent
SERVICE_NAME = "product_service"
INSTALLED_APPS = [*INSTALLED_APPS, "products", "inventory", "catalogue", "exchange"]
DATABASES = databases(BASE_DIR)
# Migrations that no version came before.
RELEASED_FIRST = {("products", "0001_initial"), ("products", "0002_search_by_name"), ("inventory", "0001_initial")}

# ---- which services are trusted, and with what -------------------------------------------------------------------
AUTH_SERVICE_JWKS: str = env.str("AUTH_SERVICE_JWKS", default="", validate=is_key_set)
AUTH_SERVICE_ISSUER: str = env.str("AUTH_SERVICE_ISSUER", default="order_service")
AUTH_SERVICE_AUDIENCE: str = env.str("AUTH_SERVICE_AUDIENCE", default="product_service")
SERVICE_SCOPES = frozenset({"reservations:write"})
TRUSTED_ISSUERS = [
    *TRUSTED_ISSUERS,
    Issuer(name=AUTH_SERVICE_ISSUER, audience=AUTH_SERVICE_AUDIENCE, jwks=AUTH_SERVICE_JWKS, scopes=SERVICE_SCOPES),
    *trusted_services(audience=SERVICE_NAME, scopes=SERVICE_SCOPES),
]
if not DEBUG:
    refuse_missing(
        {
            "AUTH_SERVICE_JWKS": AUTH_SERVICE_JWKS,
            "AUTH_SERVICE_ISSUER": AUTH_SERVICE_ISSUER,
            "AUTH_SERVICE_AUDIENCE": AUTH_SERVICE_AUDIENCE,
        }
    )

# ---- retention ---------------------------------------------------------------------------------------------------
# The shortest is far longer than any message between the services can be late, and than keys are kept (72 hours).
RETENTION_HOURS: int = env.int("RETENTION_HOURS", default=720, validate=Range(min=72, max=10**6))

# ---- the contract ------------------------------------------------------------------------------------------------
PUBLIC_CONTRACT = BASE_DIR / "openapi.public.yaml"  # without what only the internal listener leads to
SPECTACULAR_SETTINGS = {
    **SPECTACULAR_SETTINGS,
    "TITLE": SERVICE_NAME,
    "DESCRIPTION": "What is sold, what is left, what is promised.",
}
