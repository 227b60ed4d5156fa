"""The settings of the service: the kit's, and its own. The environment is read here and there, and nowhere else."""

from pathlib import Path

from marshmallow.validate import Range

from service_kit.auth import development
from service_kit.auth.service_token import signing_key
from service_kit.settings.api import *  # noqa: F403 - whatever is not set here is as in the kit
from service_kit.settings.api import DEBUG, INSTALLED_APPS, SPECTACULAR_SETTINGS, TRUSTED_ISSUERS, databases, env
from service_kit.settings.secrets import refuse_weak
from service_kit.settings.services import trusted_services
from service_kit.settings.urls import SCHEMES, is_url

BASE_DIR = Path(__file__).resolve().parent.parent
SERVICE_NAME = "order_service"
INSTALLED_APPS = [*INSTALLED_APPS, "orders"]
DATABASES = databases(BASE_DIR)
RELEASED_FIRST = {("orders", "0001_initial")}  # migrations that no version came before

# ---- which services are trusted, and with what -------------------------------------------------------------------
SERVICE_SCOPES = frozenset({"orders:read", "orders:follow"})
TRUSTED_ISSUERS = [*TRUSTED_ISSUERS, *trusted_services(audience=SERVICE_NAME, scopes=SERVICE_SCOPES)]

# ---- product_service ---------------------------------------------------------------------------------------------
PRODUCTS_URL: str = env.str("PRODUCTS_URL", default="http://127.0.0.1:8081", validate=is_url(*SCHEMES))
# A private JWK: this service's own identity.
SERVICE_TOKEN_KEY: str = env.str("SERVICE_TOKEN_KEY", default=development.service_key() if DEBUG else "")
# How many threads of a process may wait for product_service at once: the rest goes on serving reads and cancels.
PRODUCTS_PLACES: int = env.int(
    "PRODUCTS_PLACES", default=max(1, env.int("WEB_THREADS", default=64) * 7 // 8), validate=Range(min=1)
)
# How many of these one owner's orders may occupy, so that a greedy customer leaves some to the others.
PLACING_SHARE_PER_OWNER: int = env.int(
    "PLACING_SHARE_PER_OWNER", default=max(4, PRODUCTS_PLACES // 4), validate=Range(min=1)
)
if not DEBUG:
    refuse_weak({"SERVICE_TOKEN_KEY": SERVICE_TOKEN_KEY})
    signing_key(SERVICE_TOKEN_KEY)

# ---- what one customer may have ----------------------------------------------------------------------------------
ORDER_QUANTITY_MAX: int = env.int("ORDER_QUANTITY_MAX", default=1000, validate=Range(min=1))  # units of one order
# Pending orders of one owner; 0 for any number. Orders that are being placed at the same moment may exceed it.
ORDERS_OPEN_PER_OWNER_MAX: int = env.int("ORDERS_OPEN_PER_OWNER_MAX", default=100, validate=Range(min=0, max=10**9))

# ---- the reconciler ----------------------------------------------------------------------------------------------
METRICS_BIND: str = env.str("METRICS_BIND", default="")  # gunicorn reads it for itself
# How long the events of orders are kept, which are their history and the feed; 0 for ever.
EVENT_RETENTION_HOURS: int = env.int("EVENT_RETENTION_HOURS", default=0, validate=Range(min=0, max=10**6))
# Seconds between two audits; 0 for never.
AUDIT_INTERVAL: float = env.float("AUDIT_INTERVAL", default=3600.0, validate=Range(min=0, max=10**9))
# The age in seconds at which a pending order is canceled; 0 for never.
CANCEL_PENDING_AFTER: float = env.float("CANCEL_PENDING_AFTER", default=0.0, validate=Range(min=0, max=10**9))

# ---- retention ---------------------------------------------------------------------------------------------------
# The shortest is far longer than any message between the services can be late, and than keys are kept (72 hours).
RETENTION_HOURS: int = env.int("RETENTION_HOURS", default=720, validate=Range(min=72, max=10**6))

# ---- the contract ------------------------------------------------------------------------------------------------
PUBLIC_CONTRACT = BASE_DIR / "openapi.public.yaml"  # without what only the internal listener leads to
SPECTACULAR_SETTINGS = {
    **SPECTACULAR_SETTINGS,
    "TITLE": SERVICE_NAME,
    "DESCRIPTION": "Orders, placed against another service and never lost, doubled or oversold.",
}
