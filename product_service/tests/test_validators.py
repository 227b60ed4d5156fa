"""Validators that others wrote decide about bodies as the service does, both ways."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from catalogue.serializers import ProductInputSerializer
from inventory.serializers import DesiredBatchSerializer, StockAdjustmentInputSerializer
from service_kit.testing.contract_checks import CONTRACT
from service_kit.testing.validators import disagreements, is_taken

BODIES: dict[str, Callable[[Any], object]] = {
    "create_product": ProductInputSerializer.parse,
    "edit_product": partial(ProductInputSerializer.parse, partial=True),
    "adjust_stock": StockAdjustmentInputSerializer.parse,
    "put_reservations": DesiredBatchSerializer.parse,
}
PRICE = CONTRACT["components"]["schemas"]["ProductInputRequest"]["properties"]["price"]


@pytest.mark.parametrize("operation", BODIES)
def test_two_validators_and_the_service_agree(operation: str) -> None:
    assert disagreements(operation, BODIES[operation]) == []


def test_every_cent_is_a_price_to_both_validators() -> None:
    by_python, by_rust = Draft202012Validator(PRICE), jsonschema_rs.Draft202012Validator(PRICE)

    refused = [cents for cents in range(1_000_000) if not by_rust.is_valid(cents / 100)]
    refused += [cents for cents in range(0, 1_000_000, 17) if not by_python.is_valid(cents / 100)]
    refused += [cents for cents in range(0, 1_000_000, 17) if not by_python.is_valid(f"{cents / 100:.2f}")]

    assert refused == []


@pytest.mark.parametrize("price", ["1.001", "0.30000000000000004"])
def test_a_number_finer_than_a_cent_is_refused_by_the_contracts_words_only(price: str) -> None:
    body = f'{{"name": "Desk lamp", "price": {price}}}'

    assert not is_taken(body, ProductInputSerializer.parse)
    assert Draft202012Validator(PRICE).is_valid(float(price))
    assert "With at most 2 decimal places" in str(PRICE)
