"""The published contract, openapi.yaml: valid, complete, and what the service really offers."""

import pytest

from service_kit.testing.contract_checks import *  # noqa: F403 - pytest finds the tests here
from service_kit.testing.contract_checks import OF_EVERY_OPERATION, OF_THE_GATEWAY, OPERATIONS


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("list_products", {"200", "422"}),
        ("create_product", {"201", "403", "409", "413", "415", "422"}),
        ("get_product", {"200", "304", "404"}),
        ("edit_product", {"200", "403", "404", "409", "413", "415"}),
        ("deactivate_product", {"204", "403", "404"}),
        ("list_stock_adjustments", {"200", "403", "404"}),
        ("adjust_stock", {"201", "403", "404", "409", "413", "415", "422"}),
        ("list_reservations", {"200", "403"}),
        ("put_reservations", {"200", "403", "413", "415"}),
        ("get_reservation", {"200", "403", "404"}),
        ("list_balances", {"200", "403"}),
    ],
)
def test_each_operation_answers_with_these(operation: str, statuses: set[str]) -> None:
    documented = set(OPERATIONS[operation]["responses"])

    internal = operation in {"list_reservations", "put_reservations", "get_reservation", "list_balances"}
    assert documented == statuses | OF_EVERY_OPERATION | (set() if internal else OF_THE_GATEWAY)
