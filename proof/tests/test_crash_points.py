"""Each crash point names a function that its service has, and the matrix uses all of them."""

import pytest

from crashes.matrix import cells
from crashes.points import POINTS
from tests.service_code import output_of

MISSING = """
import sys
from functools import reduce
from importlib import import_module

for target in sys.argv[1:]:
    module, _, name = target.partition(":")
    try:
        found = reduce(getattr, name.split("."), import_module(module))
    except (ImportError, AttributeError):
        found = None
    if not callable(found):
        print(target)
"""
SERVICES = {"order_service": {"order_service", "reconciler"}, "product_service": {"product_service"}}


@pytest.mark.parametrize("service", SERVICES)
def test_each_point_names_a_function_of_its_service(service: str) -> None:
    targets = [point.target for point in POINTS.values() if point.role in SERVICES[service]]

    assert targets
    assert output_of(service, MISSING, *targets) == ""
    assert output_of(service, MISSING, "config.urls:no_such_function") == "config.urls:no_such_function\n"


def test_the_matrix_has_every_point() -> None:
    assert {cell.fault.point for cell in cells()} == POINTS.keys()
