"""A client of the fake, which is not the process's own."""

from collections.abc import Iterator

import pytest

from products_client import ProductsClient
from products_stand_in.api import FakeProductsApi
from tests.clock import Clock


@pytest.fixture
def client(fake: FakeProductsApi, clock: Clock) -> Iterator[ProductsClient]:
    with fake.client(now=clock) as client:
        yield client
