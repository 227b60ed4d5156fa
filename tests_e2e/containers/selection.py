"""A pytest plugin: keeps the tests that ask a shop, wherever it runs; the others are about parts without one."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        asks_a_shop = isinstance(item, pytest.Function) and "shop" in item.fixturenames
        (kept if asks_a_shop or item.nodeid.startswith("containers/") else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)
