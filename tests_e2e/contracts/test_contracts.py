"""Both services keep what their last releases promised."""

import pytest

from releases.accepted import refusals
from releases.files import ReleaseFiles
from stack.registry import SERVICES, further_services

FURTHER = {entry.name for entry in further_services()}


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_keeps_what_the_last_release_promised(service: str) -> None:
    files = ReleaseFiles(service)

    assert files.released_version() or service in FURTHER  # one that is new has none yet
    assert refusals(files) == []
