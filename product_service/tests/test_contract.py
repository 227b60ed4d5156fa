"""The published contract, openapi.yaml: valid, complete, and what the service really offers."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import validate

CONTRACT = Path(__file__).parent.parent / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
OUTSIDE = ("livez", "readyz", "metrics", "docs/")  # where the addresses begin that are no part of the API


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    published: dict[str, Any] = yaml.safe_load(CONTRACT.read_text())
    return published


def routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif not address.startswith(OUTSIDE):
            view = pattern.callback.cls  # type: ignore[attr-defined] # what as_view() leaves behind
            yield from ((address, method) for method in METHODS if hasattr(view, method))


def operations(contract: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for path in contract["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }


def test_it_is_current_and_made_without_a_warning(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)

    assert CONTRACT.read_text() == made.read_text(), "make it anew: make contracts"


def test_it_is_valid(contract: dict[str, Any]) -> None:
    validate(contract)


def test_every_route_is_in_it(contract: dict[str, Any]) -> None:
    offered = {
        ("/" + address.replace("<int:", "{").replace("<uuid:", "{").replace(">", "}"), method)
        for address, method in routes(get_resolver().url_patterns)
    }

    published = {(address, method) for address, path in contract["paths"].items() for method in path}

    assert offered == published
    assert offered


def test_every_operation_names_its_scope_and_its_problems(contract: dict[str, Any]) -> None:
    for name, operation in operations(contract).items():
        assert operation["security"], name
        assert {"401", "503"} <= set(operation["responses"]), name
        assert operation["description"], name


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("list_products", {"200", "400"}),
        ("create_product", {"201", "400", "403", "409", "413", "415"}),
        ("get_product", {"200", "304", "404"}),
        ("edit_product", {"200", "400", "403", "404", "409", "412", "413", "415"}),
        ("deactivate_product", {"204", "403", "404", "412"}),
        ("list_stock_adjustments", {"200", "400", "403", "404"}),
        ("adjust_stock", {"201", "400", "403", "404", "409", "413", "415", "422"}),
        ("list_reservations", {"200", "400", "403"}),
        ("put_reservations", {"200", "400", "403", "413", "415"}),
        ("get_reservation", {"200", "403", "404"}),
        ("list_balances", {"200", "400", "403"}),
    ],
)
def test_each_operation_answers_with_these(contract: dict[str, Any], operation: str, statuses: set[str]) -> None:
    documented = set(operations(contract)[operation]["responses"])

    assert documented == statuses | {"401", "503"}
