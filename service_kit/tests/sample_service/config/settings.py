"""The settings of the sample service."""

from pathlib import Path

from service_kit.auth.issuers import Issuer
from service_kit.settings.api import *  # noqa: F403 - whatever is not set here is as in the kit
from service_kit.settings.api import INSTALLED_APPS, SPECTACULAR_SETTINGS, TRUSTED_ISSUERS, databases, env

BASE_DIR = Path(__file__).resolve().parent.parent
SERVICE_NAME = "sample_service"
SERVICE_TOKEN_KEY: str = env.str("SERVICE_TOKEN_KEY", default="")
INSTALLED_APPS = [*INSTALLED_APPS, "service_kit.following", "things"]
DATABASES = databases(BASE_DIR)
RELEASED_FIRST = {("things", "0001_initial")}
TRUSTED_ISSUERS = [
    *TRUSTED_ISSUERS,
    Issuer(name="other_service", audience="sample_service", jwks="other.json", scopes=frozenset({"things:count"})),
]
PUBLIC_CONTRACT = BASE_DIR / "openapi.yaml"
SPECTACULAR_SETTINGS = {**SPECTACULAR_SETTINGS, "TITLE": SERVICE_NAME, "DESCRIPTION": "Things."}
