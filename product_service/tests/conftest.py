"""The cast: who calls the API in the tests' stories. Tokens have their own tests; here the callers are believed."""

import pytest
from rest_framework.test import APIClient

from api.authentication import Caller


def client_of(caller: Caller) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=caller)  # type: ignore[arg-type] # no user of Django's, but a caller
    return client


@pytest.fixture
def nobody() -> APIClient:
    return APIClient()


@pytest.fixture
def customer() -> APIClient:
    return client_of(Caller("the customer", frozenset({"orders:write"})))


@pytest.fixture
def clerk() -> APIClient:
    return client_of(Caller("the clerk", frozenset({"orders:write", "orders:manage", "catalog:write"})))


@pytest.fixture
def other_clerk() -> APIClient:
    return client_of(Caller("the other clerk", frozenset({"catalog:write"})))


@pytest.fixture
def order_service() -> APIClient:
    return client_of(Caller("order_service", frozenset({"reservations:write"}), is_service=True))


@pytest.fixture
def on_postgresql(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("database") == "postgresql")
