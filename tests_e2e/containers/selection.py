"""A pytest plugin: keeps the tests that ask a shop, wherever it runs; the others start their own, or need none."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        asks_a_shop = isinstance(item, pytest.Function) and "shop" in item.fixturenames
        starts_its_own = isinstance(item, pytest.Function) and hasattr(item.module, "shop")
        is_kept = (asks_a_shop and not starts_its_own) or item.nodeid.startswith("containers/")
        (kept if is_kept else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)
