"""Validators that others wrote decide about bodies as the service does, both ways."""

from collections.abc import Callable
from typing import Any

import pytest

from orders.serializers import ChangeOrderSerializer, PlaceOrderSerializer
from service_kit.testing.validators import Validator, disagreements, each_validator

BODIES: dict[str, Callable[[Any], object]] = {
    "place_order": PlaceOrderSerializer.parse,
    "change_order": ChangeOrderSerializer.parse,
}


@each_validator
@pytest.mark.parametrize("operation", BODIES)
def test_a_validator_and_the_service_agree(operation: str, validator: Validator) -> None:
    assert disagreements(operation, BODIES[operation], validator) == []
