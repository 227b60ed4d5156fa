"""Stock and sums of units beyond 2^31 - 1, which no order can have, are read."""

import pytest
from django.core.management import call_command

from orders import audit
from orders.audit import DriftKind
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, reserve
from tests.factories import live_order

pytestmark = pytest.mark.django_db


def test_a_product_may_have_more_units_than_one_order_can(products: FakeProductsApi) -> None:
    screw = products.add_product(name="Screw", stock=2**33)

    call_command("place_order", product="Screw", quantity=2)

    assert agrees(products, screw, adjusted=2**33)


def test_sums_of_units_may_be_larger_than_any_order(products: FakeProductsApi) -> None:
    screw = products.add_product(name="Screw", stock=2**33)
    products.products[screw].adjusted += 2**33 + 1
    for _ in range(2):
        reserve(live_order(product_id=screw, quantity=2**31 - 1), quantity=2**31 - 1)

    assert [(drift.kind, drift.description) for drift in audit.find_drift()] == [
        (
            DriftKind.STOCK,
            f"product {screw}: {2**34 + 1} units adjusted, {2**33 - 2**32 + 2} in stock, {2**32 - 2} reserved",
        )
    ]
