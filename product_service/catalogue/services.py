"""The writes of products: create, edit, deactivate."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import INITIAL_STOCK, StockAdjustment
from products.errors import ProductChanged, ReferenceTaken
from products.models import Product


@transaction.atomic(durable=True)
def create_product(  # noqa: PLR0913 - as many as a product has fields
    *,
    name: str,
    price: Decimal,
    subject: str,
    description: str = "",
    stock_quantity: int = 0,
    is_active: bool = True,
    external_reference: str | None = None,
) -> Product:
    """
    Create a product. Its first units are the first row of its ledger.

    :raises ReferenceTaken: if another product has the external reference.
    """
    with _refusing_taken(external_reference):
        product = Product.objects.create(
            name=name,
            description=description,
            price=price,
            is_active=is_active,
            external_reference=external_reference,
        )
    if stock_quantity:
        _adjust(product, delta=stock_quantity, reason=INITIAL_STOCK, subject=subject)
    return Product.objects.one(product.pk)


@transaction.atomic(durable=True)
def edit_product(
    *,
    product_id: int,
    subject: str,
    changes: Mapping[str, Any],
    is_as_read: Callable[[Product], bool] | None = None,
) -> Product:
    """
    Change some of a product's fields. What is so already stays untouched, so that repeating an edit changes nothing.

    :param changes: new values by field. `stock_quantity` becomes an adjustment in the ledger, by what is missing.
    :param is_as_read: tells, under the row's lock, whether the product is still the one that the caller read.
    :raises ProductNotFound: if there is no such product.
    :raises ProductChanged: if the product is not as the caller read it.
    :raises ReferenceTaken: if another product has the external reference.
    """
    product = Product.objects.lock(product_id)
    if is_as_read is not None and not is_as_read(product):
        raise ProductChanged(product_id)
    edited = {field: value for field, value in changes.items() if getattr(product, field) != value}
    delta = edited.pop("stock_quantity", product.stock_quantity) - product.stock_quantity
    if edited:
        with _refusing_taken(edited.get("external_reference")):
            Product.objects.filter(pk=product_id).update(**edited, updated_at=timezone.now())
    if delta:
        _adjust(product, delta=delta, reason=f"stock set to {product.stock_quantity + delta}", subject=subject)
    return Product.objects.one(product_id)


def deactivate_product(
    *, product_id: int, subject: str, is_as_read: Callable[[Product], bool] | None = None
) -> Product:
    """
    Withdraw a product from sale. Orders keep their snapshot, and what they hold can still be given back.

    Deactivating it again changes nothing.

    :raises ProductNotFound: if there is no such product.
    :raises ProductChanged: if the product is not as the caller read it.
    """
    return edit_product(product_id=product_id, subject=subject, changes={"is_active": False}, is_as_read=is_as_read)


def _adjust(product: Product, *, delta: int, reason: str, subject: str) -> None:
    StockAdjustment.objects.record(StockAdjustment(product=product, delta=delta, reason=reason, subject=subject))


@contextmanager
def _refusing_taken(external_reference: str | None) -> Iterator[None]:
    """Write a product; nothing but its external reference, if it has one, can be another product's."""
    if external_reference is None:
        yield
        return
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if not Product.objects.filter(external_reference=external_reference).exists():
            raise
        raise ReferenceTaken(external_reference) from None
