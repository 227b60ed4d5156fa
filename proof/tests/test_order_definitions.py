"""The checker, the driver and the model define desired quantities and transitions as order_service does."""

import json
from typing import TypeAlias

import pytest

from chaos.checker.rows import REACHABLE, desired_quantity
from driver.ledger import WITH_UNITS
from model import states
from tests.forged import row
from tests.service_code import output_of

QUANTITY = 3
DESIRED = f"""
import json
from orders.models import Order
from orders.states import Placement, Status

states = [(placement, status) for placement in Placement for status in Status]
orders = [Order(placement=placement, status=status, quantity={QUANTITY}) for placement, status in states]
print(json.dumps([[order.placement, order.status, order.desired_quantity] for order in orders]))
"""
TRANSITIONS = """
import json
from orders.states import TRANSITIONS

print(json.dumps({origin: sorted(goals) for origin, goals in TRANSITIONS.items()}))
"""
Table: TypeAlias = list[tuple[str, str, int]]  # placement, status, desired quantity


@pytest.fixture(scope="module")
def desired() -> Table:
    return [
        (placement, status, quantity) for placement, status, quantity in json.loads(output_of("order_service", DESIRED))
    ]


def test_the_checker_has_the_desired_quantity_of_order_service(desired: Table) -> None:
    ours = [
        (placement, status, desired_quantity(row(at=0.0, quantity=QUANTITY, placement=placement, status=status)))
        for placement, status, _ in desired
    ]

    assert ours == desired
    assert {quantity for _, _, quantity in desired} == {0, QUANTITY}


MODELLED = {"placing": ["placing"], "live": ["live"], "failed": [states.Placement.REJECTED, states.Placement.ABORTED]}


def test_the_model_has_the_desired_quantity_of_order_service(desired: Table) -> None:
    ours = {
        (placement, status): {
            states.Order("k", product=0, quantity=QUANTITY, placement=modelled, status=status).desired_quantity
            for modelled in MODELLED[placement]
        }
        for placement, status, _ in desired
    }

    assert ours == {(placement, status): {quantity} for placement, status, quantity in desired}


def test_the_ledger_counts_the_live_orders_that_desire_units(desired: Table) -> None:
    with_units = {status for placement, status, quantity in desired if placement == "live" and quantity}

    assert with_units == WITH_UNITS


def test_the_checker_has_the_transitions_of_order_service() -> None:
    transitions: dict[str, list[str]] = json.loads(output_of("order_service", TRANSITIONS))

    assert {status: reachable_from(status, transitions) for status in transitions} == REACHABLE


def reachable_from(status: str, transitions: dict[str, list[str]]) -> set[str]:
    """Return the statuses that any number of transitions lead to, none included."""
    return {status}.union(*(reachable_from(goal, transitions) for goal in transitions[status]))
