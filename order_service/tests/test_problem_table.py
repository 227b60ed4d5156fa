"""The problem table: every error of the domain has its row, and its page."""

import pytest

from orders.errors import TryAgain
from service_kit.rest.problem_types import domain_kinds
from service_kit.testing.problem_checks import *  # noqa: F403 - pytest finds the tests here
from service_kit.testing.problem_checks import refusals


@pytest.mark.parametrize("error", sorted((each for each in refusals() if issubclass(each, TryAgain)), key=str))
def test_whoever_may_try_again_is_told_when(error: type[Exception]) -> None:
    assert domain_kinds()[error].retry_after
