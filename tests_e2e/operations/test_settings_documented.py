"""The variables that the shop reads are those that docs/operations.md, defaults.env and .env.example explain."""

import pytest

from operations import variables
from stack.registry import SERVICES

OF_BOTH = ("Both services", "Processes of both services")
IN_WORDS = {"WEB_THREADS"}  # other in each service


def documented_for(service: str) -> dict[str, str]:
    shared = {name: default for heading in OF_BOTH for name, default in variables.documented(heading).items()}
    return shared | variables.documented_by(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_what_is_documented_and_nothing_else(service: str) -> None:
    read = {name for name in variables.read_by_service(service) if not name.startswith("OTEL_")}

    assert read == set(documented_for(service))


@pytest.mark.parametrize("service", SERVICES)
def test_its_defaults_are_documented_as_they_are(service: str) -> None:
    documented, read = documented_for(service), variables.read_by_service(service)

    in_code = {name: default or "" for name, default in read.items() if name in documented.keys() - IN_WORDS}

    # Where code works a default out, the page has it in words.
    assert in_code == {name: documented[name] for name in in_code}


@pytest.mark.parametrize("service", SERVICES)
def test_the_documented_variables_of_the_standard_exist_and_those_that_are_read_are_documented(service: str) -> None:
    read = {name for name in variables.read_by_service(service) if name.startswith("OTEL_")}
    rows = set(variables.documented("Traces"))

    assert read
    assert read <= rows <= variables.of_the_sdk(service) | read


def test_the_gateway_reads_what_its_file_of_defaults_explains_and_nothing_else() -> None:
    explained = variables.explained_in(variables.DEFAULTS)

    assert {name for name in explained if "SHIPPING_SERVICE" not in name} == variables.read_by_gateway()


def test_compose_reads_what_the_example_of_its_settings_explains_with_those_defaults() -> None:
    explained, read = variables.explained_in(variables.EXAMPLE), variables.read_by_compose()

    assert read.keys() <= explained.keys()
    assert {name: default for name, default in read.items() if default} == {
        name: explained[name] for name, default in read.items() if default
    }
