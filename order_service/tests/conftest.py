"""The cast, and the products API that they meet. Tokens have their own tests; here the callers are believed."""

from collections.abc import Iterator

import pytest
import stamina
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.test import APIClient

from config import clients
from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import anna, client_of, desk_of, logged, nobody, on_postgresql, the_admin
from tests.fake_products_api import FakeProductsApi

__all__ = ["anna", "logged", "nobody", "on_postgresql", "the_admin"]


@pytest.fixture
def customer() -> APIClient:
    return client_of(Caller("the customer", frozenset({"orders:write"})))


@pytest.fixture
def stranger() -> APIClient:
    return client_of(Caller("the stranger", frozenset({"orders:write"})))


@pytest.fixture
def clerk() -> APIClient:
    return client_of(Caller("the clerk", frozenset({"orders:write", "orders:manage", "catalog:write"})))


@pytest.fixture
def products(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProductsApi]:
    """The products API, in memory, in place of the real one. A call is tried once: retries have their own tests."""
    fake = FakeProductsApi()
    with fake.client(request_id=clients.request_id) as client, stamina.set_testing(True):
        monkeypatch.setattr(clients, "products", lambda: client)
        yield fake


@pytest.fixture
def lamp(products: FakeProductsApi) -> int:
    """A desk lamp for 19.90, of which there are 10."""
    return products.add_product()


@pytest.fixture
def trainee(the_admin: None, db: None) -> Client:
    """Somebody who is logged in to the admin and may look at orders, and do nothing else."""
    user = User.objects.create_user("trainee", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_order"))
    return desk_of(user)
