"""Both services keep what their last releases promised."""

import pytest

from releases.places import SERVICES, Papers
from releases.release import contract_breaks


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_keeps_what_the_last_release_promised(service: str) -> None:
    papers = Papers(service)

    assert papers.released_version()
    assert contract_breaks(papers) == []
