"""Validators that others wrote decide about bodies as the service does, both ways."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from catalogue.serializers import ProductInputSerializer
from inventory.serializers import DesiredBatchSerializer, StockAdjustmentInputSerializer
from service_kit.testing.contract_checks import CONTRACT
from service_kit.testing.validators import Validator, by_jsonschema, disagreements, each_validator, is_taken

BODIES: dict[str, Callable[[Any], object]] = {
    "create_product": ProductInputSerializer.parse,
    "edit_product": partial(ProductInputSerializer.parse, partial=True),
    "adjust_stock": StockAdjustmentInputSerializer.parse,
    "put_reservations": DesiredBatchSerializer.parse,
}
PRICE = CONTRACT["components"]["schemas"]["ProductInputRequest"]["properties"]["price"]


@each_validator
@pytest.mark.parametrize("operation", BODIES)
def test_a_validator_and_the_service_agree(operation: str, validator: Validator) -> None:
    assert disagreements(operation, BODIES[operation], validator) == []


@each_validator
def test_every_cent_is_a_price(validator: Validator) -> None:
    step = 17 if validator is by_jsonschema else 1  # it is slow
    prices = [f"{cents / 100:.2f}" for cents in range(0, 1_000_000, step)]

    valid = validator(PRICE, [*prices, *map(json.dumps, prices[::17])])

    assert all(valid)


@pytest.mark.parametrize("price", ["1.001", "0.30000000000000004"])
def test_a_number_finer_than_a_cent_is_refused_by_the_contracts_words_only(price: str) -> None:
    body = f'{{"name": "Desk lamp", "price": {price}}}'

    assert not is_taken(body, ProductInputSerializer.parse)
    assert Draft202012Validator(PRICE).is_valid(float(price))
    assert "With at most 2 decimal places" in str(PRICE)
