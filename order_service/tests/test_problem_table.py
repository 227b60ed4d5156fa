"""Every way in which the domain can refuse has its place in the table of problems, and its page."""

import inspect
import re
from pathlib import Path

import pytest

from api.problems import DATABASE_UNAVAILABLE, DOMAIN_PROBLEMS, HTTP_PROBLEMS, OUTCOME_UNKNOWN, ProblemType
from orders import errors

PAGES = Path(__file__).parents[2] / "docs" / "errors.md"  # the whole product's; this service is tested without it too
KINDS = [*DOMAIN_PROBLEMS.values(), *HTTP_PROBLEMS.values(), DATABASE_UNAVAILABLE, OUTCOME_UNKNOWN]


def refusals() -> list[type[Exception]]:
    """List the errors that are raised: those that no other one specialises."""
    known = [error for _, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, Exception)]
    return [error for error in known if not any(error in other.__bases__ for other in known)]


@pytest.mark.parametrize("error", refusals())
def test_every_refusal_is_some_problem(error: type[Exception]) -> None:
    assert error in DOMAIN_PROBLEMS


def test_every_problem_is_some_refusal() -> None:
    assert set(DOMAIN_PROBLEMS) == set(refusals())


def test_a_slug_has_one_status_and_one_title() -> None:
    assert len({kind.slug for kind in KINDS}) == len({(kind.slug, kind.status, kind.title) for kind in KINDS})


@pytest.mark.parametrize("error", [error for error in refusals() if issubclass(error, errors.TryAgain)])
def test_whoever_may_try_again_is_told_when(error: type[Exception]) -> None:
    assert DOMAIN_PROBLEMS[error].retry_after


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_every_problem_has_a_page_with_its_status(kind: ProblemType) -> None:
    if not PAGES.exists():
        pytest.skip("the pages belong to the whole product, and this service stands alone here")

    pages = re.findall(r"^## (\S+)\n+Status: (\d+)$", PAGES.read_text(), re.MULTILINE)

    assert (kind.slug, str(kind.status)) in pages
