"""Every way in which the domain can refuse has its place in the table of problems."""

import inspect
from types import ModuleType

import pytest

from api.problems import DOMAIN_PROBLEMS
from inventory import errors as inventory_errors
from products import errors as products_errors


def refusals(module: ModuleType) -> list[type[Exception]]:
    """List the errors of a module that are raised: those that no other one specialises."""
    errors = [error for _, error in inspect.getmembers(module, inspect.isclass) if issubclass(error, Exception)]
    return [error for error in errors if not any(error in other.__bases__ for other in errors)]


@pytest.mark.parametrize("error", [*refusals(products_errors), *refusals(inventory_errors)])
def test_every_refusal_is_some_problem(error: type[Exception]) -> None:
    assert error in DOMAIN_PROBLEMS


def test_every_problem_is_some_refusal() -> None:
    assert set(DOMAIN_PROBLEMS) == {*refusals(products_errors), *refusals(inventory_errors)}
