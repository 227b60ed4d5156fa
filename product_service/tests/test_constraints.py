"""What must never be true of a row: the database refuses it, whoever writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from inventory.models import Reservation, StockAdjustment
from inventory.protocol import Outcome
from products.models import Product
from tests.world import add_product, settle, want

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "change"),
    [
        *((Product, {"name": name}) for name in ("", "   ", None)),
        *((Product, {"price": Decimal("-0.01")}), (Product, {"stock_quantity": -1})),
        *((Reservation, {column: -1}) for column in ("quantity", "asked_quantity", "revision")),
        *((Reservation, {"outcome": outcome}) for outcome in (Outcome.STALE_REVISION, "lost")),
        *((Reservation, {column: None}) for column in ("unit_price", "product_name")),
        *((StockAdjustment, change) for change in ({"delta": 0}, {"reason": ""}, {"product": None})),
    ],
)
def test_a_row_breaks_no_rule(model: type[Product | Reservation | StockAdjustment], change: dict[str, Any]) -> None:
    settle(want(add_product(stock=5), 2))

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)


def test_a_key_stands_for_one_adjustment_of_its_subject() -> None:
    lamp = add_product()
    values = {"product": lamp, "delta": 1, "reason": "found", "subject": "the clerk", "idempotency_key": "once"}
    StockAdjustment.objects.create(**values)

    with pytest.raises(IntegrityError), transaction.atomic():
        StockAdjustment.objects.create(**values)


def test_a_product_that_the_ledger_names_is_not_deleted() -> None:
    lamp = add_product(stock=5)

    with pytest.raises(ProtectedError):
        lamp.delete()


def test_no_statement_takes_more_than_there_is() -> None:
    lamp = add_product(stock=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.take({lamp.pk: 6})

    assert Product.objects.one(lamp.pk).stock_quantity == 5


def test_no_statement_moves_the_stock_of_other_products() -> None:
    lamp, chair, rug = add_product(stock=5), add_product(stock=5), add_product(stock=5)

    Product.objects.take({lamp.pk: 2, chair.pk: -3})

    stocks = [Product.objects.one(product.pk).stock_quantity for product in (lamp, chair, rug)]
    assert stocks == [3, 8, 5]


@pytest.mark.postgresql("SQLite keeps no lengths; the API does")
def test_a_name_that_is_too_long_is_refused_where_the_database_knows_lengths() -> None:
    lamp = add_product()

    with pytest.raises(DatabaseError), transaction.atomic():
        Product.objects.filter(pk=lamp.pk).update(name="a" * 256)
