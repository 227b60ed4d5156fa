"""The callers, and the products API. Tokens have their own tests: here the callers are authenticated already."""

import signal
from collections.abc import Iterator

import pytest
import stamina
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.test import APIClient

from orders import products as products_module
from orders.request_ids import current_request_group, current_request_id
from products_stand_in.api import FakeProductsApi
from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import anna, client_of, desk_of, logged, nobody, the_admin
from tests.clock import Clock
from tests.commits import commits, threads

__all__ = ["anna", "commits", "logged", "nobody", "the_admin", "threads"]


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
def fake() -> FakeProductsApi:
    """The products API, in memory."""
    return FakeProductsApi()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that a test moves; waiting moves it too."""
    clock = Clock()
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


@pytest.fixture
def products(fake: FakeProductsApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProductsApi]:
    """The fake, called by this process's client. A call is tried once: retries have their own tests."""
    ids = {"request_id": current_request_id, "request_group": current_request_group}
    with fake.client(**ids) as client, stamina.set_testing(True):
        monkeypatch.setattr(products_module, "client", lambda: client)
        yield fake


@pytest.fixture
def signal_handlers() -> Iterator[None]:
    """Let a command of the test handle signals, and give them back to those who had them."""
    saved = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in saved.items():
        signal.signal(number, handler)


@pytest.fixture
def lamp(products: FakeProductsApi) -> int:
    """A desk lamp for 19.90, of which there are 10."""
    return products.add_product()


@pytest.fixture
def trainee(the_admin: None, db: None) -> Client:
    """Somebody logged in to the admin who may look at orders, and nothing else."""
    user = User.objects.create_user("trainee", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_order"))
    return desk_of(user)
