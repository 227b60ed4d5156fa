"""docs/operations.md lists exactly the variables that the shop reads, with their defaults."""

import re
from collections.abc import Mapping

import pytest

from operations import variables
from stack.registry import SERVICES, further_services

OF_BOTH = ("Both services", "Processes of both services")
# Defaults that the page describes in words: computed ones, and missing ones.
IN_WORDS = re.compile(r"required|none|nowhere|pip's own|.* (of|in|,) .*")


def documented_for(service: str) -> dict[str, Mapping[str, str]]:
    shared = {name: row for heading in OF_BOTH for name, row in variables.documented(heading).items()}
    return shared | variables.documented_by(service)


def differing(rows: Mapping[str, Mapping[str, str]], defaults: Mapping[str, str | None]) -> dict[str, tuple[str, str]]:
    """The defaults that differ from the documented ones."""
    return {
        name: (row["default"], default)
        for name, row in rows.items()
        if (default := defaults.get(name))
        and not IN_WORDS.fullmatch(row["default"])
        and row["default"].strip("`") != default
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_what_is_documented_and_nothing_else(service: str) -> None:
    read = {name for name in variables.read_by_service(service) if not name.startswith("OTEL_")}

    assert read == set(documented_for(service))


@pytest.mark.parametrize("service", SERVICES)
def test_its_defaults_are_documented_as_they_are(service: str) -> None:
    assert differing(documented_for(service), variables.read_by_service(service)) == {}


def test_both_services_have_what_is_documented_for_one_of_them_in_one_of_them() -> None:
    known = set(SERVICES) - {entry.name for entry in further_services()}

    assert {row["service"] for row in variables.documented("One service").values()} == known


@pytest.mark.parametrize("service", SERVICES)
def test_the_documented_variables_of_the_standard_exist_and_those_that_are_read_are_documented(service: str) -> None:
    read = {name for name in variables.read_by_service(service) if name.startswith("OTEL_")}
    rows = set(variables.documented("Traces"))

    assert read
    assert read <= rows <= variables.of_the_sdk(service) | read


def test_the_gateway_reads_what_is_documented_with_those_defaults_and_nothing_else() -> None:
    rows, read = variables.documented("The gateway"), variables.read_by_gateway()

    assert set(rows) == set(read)
    assert differing(rows, read) == {}


def test_compose_reads_what_is_documented_with_those_defaults_and_nothing_else() -> None:
    rows, read = variables.documented("Compose"), variables.read_by_compose()

    assert set(rows) == set(read)
    assert differing(rows, read) == {}
