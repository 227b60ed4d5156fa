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
        ("/" + address.replace("<id:", "{").replace(">", "}"), method)
        for address, method in routes(get_resolver().url_patterns)
    }

    published = {(address, method) for address, path in contract["paths"].items() for method in path}

    assert offered == published
    assert offered


def test_every_operation_names_its_scope_and_its_problems(contract: dict[str, Any]) -> None:
    for name, operation in operations(contract).items():
        assert operation["security"], name
        assert {"401", "403", "503"} <= set(operation["responses"]), name
        assert operation["description"], name


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("list_orders", {"200", "400"}),
        ("place_order", {"201", "400", "409", "413", "415", "422"}),
        ("get_order", {"200", "404"}),
        ("change_order", {"200", "400", "404", "409", "413", "415", "422"}),
    ],
)
def test_each_operation_answers_with_these(contract: dict[str, Any], operation: str, statuses: set[str]) -> None:
    documented = set(operations(contract)[operation]["responses"])

    assert documented == statuses | {"401", "403", "503"}


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        (
            "place_order",
            [
                "insufficient-stock",
                "product-not-found",
                "idempotency-key-reused",
                "idempotency-in-progress",
                "order-not-placed",
                "outcome-unknown",
                "overloaded",
            ],
        ),
        (
            "change_order",
            [
                "invalid-transition",
                "insufficient-stock",
                "product-not-found",
                "order-busy",
                "order-not-changed",
                "outcome-unknown",
                "overloaded",
            ],
        ),
    ],
)
def test_each_refusal_of_a_write_is_named(contract: dict[str, Any], operation: str, kinds: list[str]) -> None:
    described = " ".join(answer["description"] for answer in operations(contract)[operation]["responses"].values())

    assert [kind for kind in kinds if f"(/problems/{kind})" not in described] == []


def test_the_times_of_the_list_are_instants(contract: dict[str, Any]) -> None:
    parameters = {each["name"]: each["schema"] for each in operations(contract)["list_orders"]["parameters"]}

    assert parameters["created_after"] == parameters["created_before"] == {"type": "string", "format": "date-time"}
    assert parameters["status"]["enum"] == ["canceled", "delivered", "pending", "shipped"]
    assert parameters["product_id"]["type"] == "integer"
