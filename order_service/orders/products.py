"""The process's client of product_service."""

from functools import cache, partial
from threading import Lock

from django.conf import settings

from orders import metrics, request_ids
from products_client import ProductsClient
from service_kit.auth.service_token import service_token, signing_key

_building = Lock()


def client() -> ProductsClient:
    """
    Return the client that all threads of this process share. It is built at the first call, after the fork.

    :raises ImproperlyConfigured: if SERVICE_TOKEN_KEY is no key that could sign this service's requests.
    """
    with _building:
        return _client()


@cache
def _client() -> ProductsClient:
    signing_key(settings.SERVICE_TOKEN_KEY)  # refuses now, and not when an order has been begun
    return ProductsClient(
        settings.PRODUCTS_URL,
        token=partial(service_token, audience="product_service", scope="reservations:write"),
        request_id=request_ids.current_request_id,
        request_group=request_ids.current_request_group,
        observer=metrics.count_try,
    )
