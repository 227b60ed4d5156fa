"""The cast: who calls the API in the tests' stories. Tokens have their own tests; here the callers are believed."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.test import APIClient

from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import anna, client_of, desk_of, logged, nobody, on_postgresql, the_admin
from service_kit.testing.spreading import spread

__all__ = ["anna", "logged", "nobody", "on_postgresql", "the_admin"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    spread({"test_import_memory.py", "test_import_deaths.py"}, items)


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
def trainee(the_admin: None, db: None) -> Client:
    """Somebody who is logged in to the admin and may look at products, and do nothing else."""
    user = User.objects.create_user("trainee", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_product"))
    return desk_of(user)
