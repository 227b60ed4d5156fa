"""What the tests of the containers start from."""

import os

import pytest


@pytest.fixture(autouse=True)
def _containers() -> None:
    """Nothing here makes sense without the containers of `make up`."""
    if not {"E2E_COMPOSE", "E2E_DEVELOPMENT"} & os.environ.keys():
        pytest.skip("needs the containers of `make up`: `make test-compose` runs it")
