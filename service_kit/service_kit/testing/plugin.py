"""
The database of the tests: `--database sqlite` or `--database postgresql`.

Loaded by `-p service_kit.testing.plugin`, since pytest-django reads the settings before it loads any conftest.py.
"""

import os
import signal
import sys
from collections.abc import Generator, Sequence

import pytest
from hypothesis import HealthCheck, settings

from service_kit.testing.postgres_cluster import Cluster, find_binaries

# Modules with asserts outside of test files.
pytest.register_assert_rewrite(
    *(
        f"service_kit.testing.{module}"
        for module in ("admin_pages", "contract_checks", "pages", "problem_checks", "problems")
    )
)

CLUSTER = pytest.StashKey[Cluster]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="the database of the tests")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgresql(reason): runs on PostgreSQL only, for that reason")
    # On a busy machine a test may take long: that is no failure.
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("postgresql")
    if marker is not None and item.config.getoption("database") != "postgresql":
        pytest.skip(marker.args[0])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what needs no database: it is tested beside SQLite. A file of nothing else is kept."""
    kept = [item for item in items if _needs_database(item)]
    if kept and config.getoption("database") == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not _needs_database(item)])
        items[:] = kept


def _needs_database(item: pytest.Item) -> bool:
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgresql"))
    return marked or "db" in fixtures or "transactional_db" in fixtures


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]
) -> Generator[None, None, None]:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the cluster would go on running
    is_worker = "PYTEST_XDIST_WORKER" in os.environ  # it inherits the environment of the main process
    if early_config.known_args_namespace.database == "postgresql" and not is_worker:
        cluster = _start_cluster()
        early_config.stash[CLUSTER] = cluster
        early_config.add_cleanup(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.url
    return (yield)


def _start_cluster() -> Cluster:
    binaries = find_binaries()
    if binaries is None:
        sys.stderr.write("SKIPPED: PostgreSQL (initdb, pg_ctl) is not installed, so nothing was tested on it.\n")
        raise SystemExit(1 if os.environ.get("CI") == "true" else 0)
    try:
        return Cluster(binaries)
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # pytest does not yet catch it
