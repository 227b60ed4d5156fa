"""What the tests of the proof start from."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chaos.proxy.control import Control
from driver.longest_first import begin_with
from driver.stand_in import StandIn
from driver.wire import Address
from stack.guard import Guard
from stack.part import Part
from stack.postgres import Cluster, private_cluster
from tests.proxied import LINK

pytest_plugins = ["driver.programs"]

FIRST = (
    "tests/test_crash_matrix.py",
    "tests/test_protocol_model.py",
    "tests/test_shorter_protocols.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with(FIRST, items)


@pytest.fixture(scope="module")
def proxy() -> Iterator[Control]:
    with Control() as running:
        yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="link-") as name:  # short: a socket's address holds about 100 bytes
        yield Path(name)


@pytest.fixture
def service(folder: Path) -> Iterator[StandIn]:
    with StandIn("service", folder / "service") as listening:
        yield listening


@pytest.fixture
def link(proxy: Control, service: StandIn, folder: Path) -> Address:
    """Where the link listens; the proxy forgets the links of earlier tests, which have the same name."""
    proxy.open(LINK, listens=str(folder / "link"), target=str(folder / service.name), is_http=True)
    return str(folder / "link")


@pytest.fixture(scope="module")
def server(
    postgresql: Path,  # noqa: ARG001 - it skips where there is no PostgreSQL
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Cluster, Part]]:
    with Guard() as guard:
        cluster = private_cluster(guard)
        part = cluster.part("postgresql", log=tmp_path_factory.mktemp("logs") / "postgresql.log", guard=guard)
        try:
            cluster.create(["orders"])
            part.start()
            yield cluster, part
        finally:
            part.stop()
