"""The cast: who calls the sample service in the tests."""

import pytest
from rest_framework.test import APIClient

from service_kit.auth.authentication import Caller
from service_kit.testing.fixtures import anna, client_of, logged, nobody, on_postgresql, the_admin

__all__ = ["anna", "logged", "nobody", "on_postgresql", "the_admin"]

WAIT_LONGEST = "test_reloading.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests that wait longest over the whole run, so that all workers share them."""
    longest = [item for item in items if item.path.name == WAIT_LONGEST]
    others = [item for item in items if item.path.name != WAIT_LONGEST]
    places = {item: place / len(group) for group in (longest, others) for place, item in enumerate(group)}
    items.sort(key=places.__getitem__)


@pytest.fixture
def writer() -> APIClient:
    return client_of(Caller("the writer", frozenset({"things:write"})))


@pytest.fixture
def reader() -> APIClient:
    return client_of(Caller("the reader", frozenset()))
