"""Validators that others wrote decide about bodies as the service does, both ways."""

from collections.abc import Callable
from typing import Any

import pytest

from orders.serializers import ChangeOrderSerializer, PlaceOrderSerializer
from service_kit.testing.validators import disagreements

BODIES: dict[str, Callable[[Any], object]] = {
    "place_order": PlaceOrderSerializer.parse,
    "change_order": ChangeOrderSerializer.parse,
}


@pytest.mark.parametrize("operation", BODIES)
def test_two_validators_and_the_service_agree(operation: str) -> None:
    assert disagreements(operation, BODIES[operation]) == []
