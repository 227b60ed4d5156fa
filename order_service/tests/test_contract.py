"""The published contract, openapi.yaml: valid, complete, and what the service really offers."""

import pytest

from orders.serializers import OrderSerializer
from orders.states import Status
from service_kit.testing.contract_checks import *  # noqa: F403 - pytest finds the tests here
from service_kit.testing.contract_checks import OF_EVERY_OPERATION, OF_THE_GATEWAY, OPERATIONS


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("list_orders", {"200", "422"}),
        ("place_order", {"201", "409", "413", "415", "422"}),
        ("get_order", {"200", "304", "404"}),
        ("change_order", {"200", "404", "409", "413", "415", "422"}),
        ("list_order_history", {"200", "404"}),
    ],
)
def test_each_operation_answers_with_these(operation: str, statuses: set[str]) -> None:
    documented = set(OPERATIONS[operation]["responses"])

    assert documented == statuses | {"403"} | OF_EVERY_OPERATION | OF_THE_GATEWAY


OF_BOTH_WRITES = {"insufficient-stock", "quantity-too-large", "product-not-found", "outcome-unknown", "overloaded"}
REFUSALS = {
    "place_order": {
        *("too-many-open-orders", "idempotency-key-reused", "idempotency-in-progress", "order-not-placed"),
        *OF_BOTH_WRITES,
    },
    "change_order": {"invalid-transition", "price-changed", "order-busy", "order-not-changed", *OF_BOTH_WRITES},
}


@pytest.mark.parametrize(("operation", "kinds"), REFUSALS.items())
def test_each_refusal_of_a_write_is_named(operation: str, kinds: set[str]) -> None:
    described = " ".join(answer["description"] for answer in OPERATIONS[operation]["responses"].values())

    assert [kind for kind in kinds if f"(/problems/{kind})" not in described] == []


def test_every_status_is_explained() -> None:
    explained = str(OrderSerializer().fields["status"].help_text)

    assert [status for status in Status if f"`{status}`" not in explained] == []


def test_the_times_of_the_list_are_instants() -> None:
    parameters = {each["name"]: each["schema"] for each in OPERATIONS["list_orders"]["parameters"]}

    instants = [parameters[f"{event}_{side}"] for event in ("created", "updated") for side in ("after", "before")]
    assert instants == [{"type": "string", "format": "date-time"}] * 4
    assert parameters["status"]["enum"] == sorted(Status)
    assert parameters["product_id"]["type"] == "integer"
