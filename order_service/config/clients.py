"""What the process shares: the products client and the guards around it, built once per process, after the fork."""

from functools import cache, partial
from threading import Lock

import structlog
from django.conf import settings

from orders import metrics
from products_client import ProductsClient
from service_kit.auth.service_token import service_token

_building = Lock()


def products() -> ProductsClient:
    """Return the process's client of product_service."""
    with _building:
        return _products()


@cache
def _products() -> ProductsClient:
    return ProductsClient(
        settings.PRODUCTS_URL,
        token=partial(service_token, audience="product_service", scope="reservations:write"),
        request_id=request_id,
        request_group=request_group,
        observer=metrics.tried,
    )


def request_id() -> str | None:
    """Return the id of the request that this thread is answering, so that both services log the same one."""
    return structlog.contextvars.get_contextvars().get("request_id")


def request_group() -> str | None:
    """Return the ids of other requests that this one answers for, with commas between, so that each finds its lines."""
    return structlog.contextvars.get_contextvars().get("request_group")
