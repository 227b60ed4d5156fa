"""
What must be there before Django's settings are read: an environment, and the database that `--database` names.

Loaded by `-p tests.plugin`, since pytest-django reads the settings before any conftest.py is.
"""

import os
import sys
from collections.abc import Generator, Sequence

import pytest

from tests.postgres_cluster import Cluster, find_binaries

ENVIRONMENT = {
    "DEBUG": "false",
    "SECRET_KEY": "3f0c6f6e-which-signs-for-this-test-run-and-for-no-other-one",
    "ALLOWED_HOSTS": "testserver",
    "AUTH_JWKS": "keys-of-the-test-issuer.json",
    "AUTH_ISSUER": "https://issuer.test",
    "AUTH_AUDIENCE": "shop",
    "AUTH_SERVICE_JWKS": "keys-of-the-order-service.json",
    "LOG_LEVEL": "INFO",
    "DATABASE_URL": "sqlite://:memory:",
}
CLUSTER = pytest.StashKey[Cluster]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="where the tests run")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]
) -> Generator[None, None, None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit all this from the process that starts them
        os.environ.update(ENVIRONMENT)
        if early_config.known_args_namespace.database == "postgresql":
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
    return Cluster(binaries)
