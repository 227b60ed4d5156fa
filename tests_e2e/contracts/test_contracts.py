"""Both services keep what their last releases promised."""

import pytest

from releases.accepted import refusals
from releases.files import ReleaseFiles
from stack.registry import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_keeps_what_the_last_release_promised(service: str) -> None:
    files = ReleaseFiles(service)

    assert files.released_version()
    assert refusals(files) == []
