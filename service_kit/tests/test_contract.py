"""The contract that the kit makes for a service."""

from typing import Any

import pytest

from service_kit.contract.examples import _details
from service_kit.rest.problem_types import kinds_by_slug
from service_kit.testing.contract_checks import *  # noqa: F403 - pytest finds the tests here
from service_kit.testing.contract_checks import CONTRACT, OPERATIONS

WITHOUT_DETAILS = {"not-found", "permission-denied", "method-not-allowed"}


def test_no_detail_is_kept_for_a_problem_that_is_none() -> None:
    assert set(_details()) == set(kinds_by_slug()) - WITHOUT_DETAILS


def test_a_domain_problem_that_a_view_names_is_shown_in_the_words_of_its_error() -> None:
    shown = OPERATIONS["create_thing"]["responses"]["409"]["content"]["application/problem+json"]["examples"]

    assert shown["name-taken"]["value"]["detail"] == "Another thing is called Desk lamp."


def test_what_is_not_found_is_named_by_the_parameter_of_the_path() -> None:
    answer = CONTRACT["paths"]["/api/v1/things/{thing_id}/"]["get"]["responses"]["404"]
    [shown] = answer["content"]["application/problem+json"]["examples"].values()

    assert (shown["value"]["detail"], shown["value"]["instance"]) == ("There is no thing 1.", "/api/v1/things/1/")


@pytest.mark.parametrize(
    ("operation", "security"),
    [("list_things", [{}, {"bearerToken": []}]), ("create_thing", [{"bearerToken": ["things:write"]}])],
)
def test_an_operation_names_its_scope(operation: str, security: list[Any]) -> None:
    assert OPERATIONS[operation]["security"] == security
