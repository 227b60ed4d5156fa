"""The fixtures of the end-to-end tests: shops and actors."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from driver.longest_first import begin_with
from driver.shop import Actor, Shop
from stack import templates
from stack.keys import Keys
from stack.stack import Stack

pytest_plugins = ["driver.programs", "releases.since"]

FIRST = (
    "contracts/test_contract_fuzz.py",
    "operations/test_vanished_database.py",
    "browser/test_admin_in_browser.py",
    "gateway/test_cache.py",
    "browser/test_docs_in_browser.py",
    "operations/test_shifted_clocks.py",
    "clients/test_generated_clients.py",
    "gateway/test_cache_keys.py",
    "orders/test_order_feed.py",
    "gateway/test_http_cache_suite.py",
    "browser/test_accessibility.py",
    "operations/test_greedy_customer.py",
    "operations/test_traces.py",
    "operations/test_restarts.py",
    "deployment/test_beginnings.py",
    "orders/test_races.py",
    "operations/test_pooler.py",
    "operations/test_metrics.py",
    "orders/test_products_outage.py",
    "operations/test_services_alone.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Have the shops of all workers begin with copies of the same databases."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = TemporaryDirectory(prefix="databases-")
        config.add_cleanup(folder.cleanup)
        os.environ[templates.VARIABLE] = folder.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with(FIRST, items)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A whole shop on SQLite, for tests that also stop, freeze or read parts of it."""
    if "E2E_PUBLIC_URL" in os.environ:
        pytest.skip("needs a stack of its own; the tests were pointed at one that runs elsewhere")
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """
    The shop that E2E_PUBLIC_URL and E2E_INTERNAL_URL point at, or else the stack.

    The former needs E2E_KEYS too: the folder that holds the identity provider's issuer_private.
    """
    if public_url := os.environ.get("E2E_PUBLIC_URL"):
        keys = Keys(Path(os.environ["E2E_KEYS"]))
        opened = Shop(public_url=public_url, internal_url=os.environ["E2E_INTERNAL_URL"], keys=keys)
    else:
        running: Stack = request.getfixturevalue("stack")
        opened = Shop(public_url=running.public_url, internal_url=running.internal_url, keys=running.keys)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_stack(postgresql: Path) -> Iterator[Stack]:  # noqa: ARG001 - it skips where there is no PostgreSQL
    """A whole shop on PostgreSQL with two instances of order_service, several processes each."""
    env = {"order_service": {"ORDERS_OPEN_PER_OWNER_MAX": "0"}}  # their orders are never shipped
    with Stack(database="postgresql", instances={"order_service": 2}, env=env) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_shop(postgresql_stack: Stack) -> Iterator[Shop]:
    running = postgresql_stack
    opened = Shop(public_url=running.public_url, internal_url=running.internal_url, keys=running.keys)
    yield opened
    opened.close()


@pytest.fixture
def customer(shop: Shop) -> Actor:
    """A customer with orders of their own."""
    return shop.actor("customer", f"customer-{uuid4()}")


@pytest.fixture
def stranger(shop: Shop) -> Actor:
    """Another customer, who must not see the first one's orders."""
    return shop.actor("customer", f"stranger-{uuid4()}")


@pytest.fixture
def clerk(shop: Shop) -> Actor:
    """A clerk of the staff."""
    return shop.actor("staff", f"clerk-{uuid4()}")
