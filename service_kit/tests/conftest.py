"""The cast: who calls the sample service in the tests."""

import pytest
from rest_framework.test import APIClient

from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import anna, client_of, logged, nobody, on_postgresql, the_admin
from service_kit.testing.spreading import spread

__all__ = ["anna", "logged", "nobody", "on_postgresql", "the_admin"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    spread({"test_reloading.py"}, items)


@pytest.fixture
def writer() -> APIClient:
    return client_of(Caller("the writer", frozenset({"things:write"})))


@pytest.fixture
def reader() -> APIClient:
    return client_of(Caller("the reader", frozenset()))
