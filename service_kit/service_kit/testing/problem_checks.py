"""What is checked of every service's problem table. A service's `tests/test_problem_table.py` imports all of it."""

import importlib
import inspect
import re

import pytest
from django.conf import settings

from service_kit.rest.problem_types import domain_kinds, domain_problems, kinds_by_slug

PAGES = settings.BASE_DIR.parent / "docs" / "errors.md"  # the whole product's; a service is tested without it too
OWN_PAGES = settings.BASE_DIR / "problems.md"  # of a service that brings its own


def refusals() -> set[type[Exception]]:
    """Return the errors of the domain that are raised: those from which no other one is derived."""
    modules = [importlib.import_module(name) for name in {type(row.example).__module__ for row in domain_problems()}]
    known = {
        error
        for module in modules
        for _, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, Exception) and error.__module__ == module.__name__
    }
    return {error for error in known if not any(error in other.__bases__ for other in known)}


def test_the_table_has_every_error_of_the_domain_and_no_other() -> None:
    assert set(domain_kinds()) == refusals()


def test_an_error_stands_in_one_row() -> None:
    assert len(domain_kinds()) == len(domain_problems())


def test_a_slug_has_one_status_and_one_title() -> None:
    for kind in domain_kinds().values():
        same = kinds_by_slug()[kind.slug]
        assert (same.status, same.title) == (kind.status, kind.title)


@pytest.mark.parametrize("slug", kinds_by_slug())
def test_every_problem_has_a_page_with_its_status(slug: str) -> None:
    if not PAGES.exists():
        pytest.skip("the pages belong to the whole product, and this service stands alone here")

    text = "\n".join(path.read_text() for path in (PAGES, OWN_PAGES) if path.exists())
    pages = re.findall(r"^## (\S+)\n+Status: (\d+)$", text, re.MULTILINE)

    assert (slug, str(kinds_by_slug()[slug].status)) in pages
