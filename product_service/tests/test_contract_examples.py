"""The published contract shows what it says: every operation has examples, and they are what it describes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from api.examples import DETAILS
from api.openapi import KINDS

CONTRACT: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "openapi.yaml").read_text())
OPERATIONS = {operation["operationId"]: operation for path in CONTRACT["paths"].values() for operation in path.values()}
WITHOUT_DETAILS = {"not-found", "permission-denied", "internal-error", "method-not-allowed"}


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an operation takes and what it answers, as far as these are bodies."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from response.get("content", {}).values()


def examples(body: dict[str, Any]) -> list[Any]:
    return [example["value"] for example in body.get("examples", {}).values()]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_says_what_it_does_and_what_its_parameters_mean(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"].startswith(operation["summary"])
    assert all(parameter["description"] for parameter in operation.get("parameters", []))
    assert all(response["description"] for response in operation["responses"].values())


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_body_of_an_operation_has_an_example(operation: dict[str, Any]) -> None:
    assert all(examples(body) for body in bodies(operation))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_example_is_what_the_contract_describes(operation: dict[str, Any]) -> None:
    for body in bodies(operation):
        described = Draft202012Validator({**body["schema"], "components": CONTRACT["components"]})
        assert [error.message for example in examples(body) for error in described.iter_errors(example)] == []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_problem_that_an_answer_names_is_shown_with_its_status(operation: dict[str, Any]) -> None:
    refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}

    for status, answer in refusals.items():
        shown = examples(answer["content"]["application/problem+json"])

        assert [problem["status"] for problem in shown] == [int(status)] * len(shown)
        assert answer["description"].count("](/problems/") == len(shown)
        assert all(f"]({problem['type']})" in answer["description"] for problem in shown)
        assert all(problem["detail"] for problem in shown)
        assert not any("{" in problem["instance"] for problem in shown)


def test_no_detail_is_kept_for_a_problem_that_is_none() -> None:
    assert set(DETAILS) == set(KINDS) - WITHOUT_DETAILS
