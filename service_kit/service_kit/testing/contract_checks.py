"""What is checked of every service's contract. A service's `tests/test_contract.py` imports all of it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from service_kit.rest.problem_types import domain_kinds

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

METHODS = ("get", "post", "put", "patch", "delete")
OF_EVERY_OPERATION = {"400", "401", "412", "500", "503"}
OF_THE_GATEWAY = {"414", "429", "431", "502", "504"}  # of those that it leads to
LARGEST_INTEGER = 2**53 - 1  # that JavaScript reads exactly
OUTSIDE = ("livez", "readyz", "metrics", "docs/")  # where the addresses begin that are no part of the API
CONTRACT: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / "openapi.yaml").read_text())
OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation for path in CONTRACT["paths"].values() for operation in path.values()
}
PARAMETERS = [parameter for operation in OPERATIONS.values() for parameter in operation.get("parameters", [])]
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def content(answer: "_MonkeyPatchedWSGIResponse") -> bytes:
    """Read a file that is answered, and close it."""
    read = b"".join(answer)
    answer.close()
    return read


def routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the method of everything that the service answers, as a contract writes them."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif not address.startswith(OUTSIDE):
            view = pattern.callback.cls  # type: ignore[attr-defined] # what as_view() leaves behind
            path = "/" + "/".join(
                f"{{{part.strip('<>').rpartition(':')[2]}}}" if part.startswith("<") else part
                for part in address.split("/")
            )
            yield from ((path, method) for method in METHODS if hasattr(view, method))


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an operation takes and what it answers, as far as these are bodies."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from response.get("content", {}).values()


def examples(body: dict[str, Any]) -> list[Any]:
    return [example["value"] for example in body.get("examples", {}).values()]


def test_it_is_current_and_made_without_a_warning(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)

    assert (settings.BASE_DIR / "openapi.yaml").read_text() == made.read_text(), "make it anew: make contracts"


def test_its_public_part_is_current_and_has_nothing_internal(tmp_path: Path) -> None:
    made = tmp_path / "openapi.public.yaml"
    public_only = "service_kit.contract.documentation.PUBLIC_ONLY"

    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True, custom_settings=public_only)

    assert settings.PUBLIC_CONTRACT.read_text() == made.read_text(), "make it anew: make contracts"
    public = {path: about for path, about in CONTRACT["paths"].items() if not path.startswith("/internal/")}
    assert yaml.safe_load(made.read_text())["paths"] == public


def test_it_is_valid() -> None:
    validate(CONTRACT)


def test_every_route_is_in_it() -> None:
    offered = set(routes(get_resolver().url_patterns))

    published = {(address, method) for address, path in CONTRACT["paths"].items() for method in path}

    assert offered == published
    assert offered


def test_every_problem_of_the_domain_is_named_by_an_operation() -> None:
    named = " ".join(answer["description"] for each in OPERATIONS.values() for answer in each["responses"].values())

    assert [kind.slug for kind in domain_kinds().values() if f"(/problems/{kind.slug})" not in named] == []


@pytest.mark.django_db  # closing an answer looks at the connections
def test_its_public_part_is_served_as_it_was_published() -> None:
    answer = Client().get("/docs/openapi.yaml")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/yaml")
    assert content(answer) == settings.PUBLIC_CONTRACT.read_bytes()


@each_operation
def test_an_operation_says_what_it_does_whom_it_serves_and_what_its_parameters_mean(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"].startswith(operation["summary"])
    assert operation["security"]
    assert set(operation["responses"]) >= OF_EVERY_OPERATION
    assert all(parameter["description"] for parameter in operation.get("parameters", []))
    assert all(response["description"] for response in operation["responses"].values())


@each_operation
def test_every_body_of_an_operation_has_an_example(operation: dict[str, Any]) -> None:
    assert all(examples(body) for body in bodies(operation))


@each_operation
def test_every_example_is_what_the_contract_describes(operation: dict[str, Any]) -> None:
    for body in bodies(operation):
        described = Draft202012Validator({**body["schema"], "components": CONTRACT["components"]})
        assert [error.message for example in examples(body) for error in described.iter_errors(example)] == []


@each_operation
def test_every_problem_that_an_answer_names_is_shown_with_its_status(operation: dict[str, Any]) -> None:
    refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}

    for status, answer in refusals.items():
        shown = examples(answer["content"]["application/problem+json"])

        assert [problem["status"] for problem in shown] == [int(status)] * len(shown)
        assert answer["description"].count("](/problems/") == len(shown)
        assert all(f"]({problem['type']})" in answer["description"] for problem in shown)
        assert all(problem["detail"] for problem in shown)
        assert not any("{" in problem["instance"] for problem in shown)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a part of the contract that is no example."""
    if isinstance(node, dict):
        yield node
        for name, inner in node.items():
            if name not in {"example", "examples"}:
                yield from objects(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from objects(inner)


def schemas(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema of the contract that says its type."""
    return (each for each in objects(node) if "type" in each and each["type"] != "http")


def test_every_integer_has_bounds_that_javascript_keeps() -> None:
    integers = [schema for schema in schemas(CONTRACT) if schema["type"] == "integer"]

    assert integers
    assert [
        schema
        for schema in integers
        if not -LARGEST_INTEGER <= schema.get("minimum", -(2**63)) <= schema.get("maximum", 2**63) <= LARGEST_INTEGER
    ] == []


def test_no_validator_has_to_divide_fractions() -> None:
    assert [schema for schema in schemas(CONTRACT) if "multipleOf" in schema] == []


def test_every_field_of_an_answer_is_always_there() -> None:
    answered = {name: body for name, body in CONTRACT["components"]["schemas"].items() if not name.endswith("Request")}

    assert {
        name: sorted(set(body.get("properties", ())) - set(body.get("required", ())))
        for name, body in answered.items()
        if set(body.get("properties", ())) != set(body.get("required", ()))
    } == {}


@each_operation
def test_an_answer_has_the_headers_that_clients_rely_on(operation: dict[str, Any]) -> None:
    answers = operation["responses"]

    assert all("X-Request-ID" in answer["headers"] for answer in answers.values())
    assert all("WWW-Authenticate" in answers[status]["headers"] for status in {"400", "401", "403"} & set(answers))
    assert all("Retry-After" in answers[status]["headers"] for status in {"429", "503"} & set(answers))
    if "Idempotency-Key" in {parameter["name"] for parameter in operation.get("parameters", [])}:
        repeated = {"201", "409", "422"} & set(answers)
        assert all("Idempotent-Replayed" in answers[status]["headers"] for status in repeated)


def test_a_parameter_that_must_not_be_empty_says_so() -> None:
    texts = [
        parameter
        for parameter in PARAMETERS
        if parameter["schema"].get("type") == "string" and not {"enum", "format"} & set(parameter["schema"])
    ]

    assert [
        parameter["name"]
        for parameter in texts
        if not parameter["schema"].get("minLength") and re.search(parameter["schema"].get("pattern", ""), "")
    ] == []


def test_a_header_of_spaces_is_none_by_the_contract_either() -> None:
    headers = {each["name"]: each["schema"]["pattern"] for each in PARAMETERS if each["in"] == "header"}

    assert {name: pattern for name, pattern in headers.items() if re.search(pattern, " ")} == {}


def test_no_choice_is_between_schemas_of_one_type() -> None:
    choices = [node[word] for node in objects(CONTRACT) for word in ("anyOf", "oneOf") if word in node]

    # Generated clients have a class for a choice, and cannot tell two strings apart.
    assert [choice for choice in choices if len({str(each.get("type", each)) for each in choice}) < len(choice)] == []


def test_every_value_of_an_enum_has_a_name_in_generated_clients() -> None:
    enums = [schema for schema in schemas(CONTRACT) if "enum" in schema]
    names = [schema.get("x-enum-varnames", schema["enum"]) for schema in enums]

    assert [len(named) for named in names] == [len(schema["enum"]) for schema in enums]
    assert [name for named in names for name in named if not re.match("[A-Za-z]", str(name))] == []
