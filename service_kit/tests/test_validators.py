"""Validators that others wrote decide about bodies as the service does, both ways."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from service_kit.testing.validators import Validator, disagreements, each_validator
from things.serializers import ThingChangeSerializer, ThingInputSerializer

BODIES: dict[str, Callable[[Any], object]] = {
    "create_thing": ThingInputSerializer.parse,
    "change_thing": partial(ThingChangeSerializer.parse, partial=True),
}


@each_validator
@pytest.mark.parametrize("operation", BODIES)
def test_a_validator_and_the_service_agree(operation: str, validator: Validator) -> None:
    assert disagreements(operation, BODIES[operation], validator) == []
