"""A pytest plugin: programs that a machine may lack. Without one a test is skipped, or fails where CI=true."""

import os
import signal
from pathlib import Path
from typing import NoReturn

import pytest

from stack.postgres import find_postgres


def pytest_configure() -> None:
    """Have a SIGTERM, as of `timeout`, end a run as Ctrl-C does: with all that its processes and fixtures have made."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def lacking(message: str) -> NoReturn:
    """Skip the test, or fail it where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def postgresql() -> Path:
    """The folder of PostgreSQL's programs."""
    return find_postgres() or lacking("PostgreSQL was not found (apt-get install postgresql)")
