"""The writes of products: create, edit, deactivate."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from catalogue.models import Creation, fingerprint_of
from inventory.models import INITIAL_STOCK, StockAdjustment
from products.errors import ProductChanged, ReferenceTaken, ValueTaken
from products.models import Product
from service_kit.database.clock import NOW


def create_product(*, subject: str, stock_quantity: int = 0, **values: Any) -> Product:
    """
    Create a product. Its first units are the first row of its ledger.

    :param values: of the other fields, by name, as `ProductInputSerializer` validates them.
    :raises ReferenceTaken, ValueTaken: if another product has the external reference, or the value of a unique field.
    """
    try:
        return _create(values, stock_quantity=stock_quantity, subject=subject)
    except IntegrityError:
        _refuse_taken(Product(**values))
        raise


def create_product_once(
    *, subject: str, idempotency_key: str | None, stock_quantity: int = 0, **values: Any
) -> tuple[Product, bool]:
    """
    Create a product. Return it, and whether an earlier request with this key has created it.

    With a key it may be repeated: the product is returned as the first request created it, whatever became of it since.
    Refusals are not saved: they changed nothing. Raises what `create_product` does.

    :param idempotency_key: the subject's name for the request; None if each request is a new one.
    :raises IdempotencyKeyReused: if the subject used the key for another product.
    """
    if idempotency_key is None:
        return create_product(subject=subject, stock_quantity=stock_quantity, **values), False
    fingerprint = fingerprint_of({**values, "stock_quantity": stock_quantity})
    key = {"subject": subject, "idempotency_key": idempotency_key, "fingerprint": fingerprint}
    if earlier := Creation.objects.replay(**key):
        return earlier, True
    try:
        return _create(values, stock_quantity=stock_quantity, **key), False
    except IntegrityError:
        # Of two requests at once with one key, the database lets the second one fail when the first has committed.
        if earlier := Creation.objects.replay(**key):
            return earlier, True
        _refuse_taken(Product(**values))
        raise


def edit_product(
    *, product_id: int, subject: str, changes: Mapping[str, Any], is_as_read: Callable[[Product], bool] | None = None
) -> Product:
    """
    Change some of a product's fields. Equal values are not written, so that repeating an edit changes nothing.

    :param changes: new values by field. `stock_quantity` becomes an adjustment in the ledger, by the difference.
    :param is_as_read: returns, under the row's lock, whether the product is still as the caller read it.
    :raises ProductNotFound: if there is no such product.
    :raises ProductChanged: if the product is not as the caller read it.
    :raises AdjustmentTooLarge: if the new stock differs from the old one by more than one adjustment may move.
    :raises ReferenceTaken, ValueTaken: as `create_product`.
    """
    try:
        return _edit(product_id, changes, is_as_read=is_as_read, subject=subject)
    except IntegrityError:
        product = Product.objects.one(product_id)
        for field, value in changes.items():
            setattr(product, field, value)
        _refuse_taken(product)
        raise


def deactivate_product(
    *, product_id: int, subject: str, is_as_read: Callable[[Product], bool] | None = None
) -> Product:
    """Withdraw a product from sale, by `edit_product`. Orders keep their units. Doing it again changes nothing."""
    return edit_product(product_id=product_id, subject=subject, changes={"is_active": False}, is_as_read=is_as_read)


@transaction.atomic(durable=True)
def _create(values: Mapping[str, Any], *, stock_quantity: int, subject: str, **key: str) -> Product:
    """Create a product, and record the key that its request has, if it has one."""
    product = Product.objects.create(**values)
    if stock_quantity:
        _adjust(product, delta=stock_quantity, reason=INITIAL_STOCK, subject=subject)
    product = Product.objects.one(product.pk)
    if key:
        Creation.of(product, subject=subject, **key).save()
    return product


@transaction.atomic(durable=True)
def _edit(
    product_id: int, changes: Mapping[str, Any], *, is_as_read: Callable[[Product], bool] | None, subject: str
) -> Product:
    product = Product.objects.lock(product_id)
    if is_as_read is not None and not is_as_read(product):
        raise ProductChanged(product_id)
    edited = {field: value for field, value in changes.items() if getattr(product, field) != value}
    delta = edited.pop("stock_quantity", product.stock_quantity) - product.stock_quantity
    if edited:
        Product.objects.filter(pk=product_id).update(**edited, updated_at=NOW)
    if delta:
        _adjust(product, delta=delta, reason=f"stock set to {product.stock_quantity + delta}", subject=subject)
    return Product.objects.one(product_id)


def _adjust(product: Product, *, delta: int, reason: str, subject: str) -> None:
    StockAdjustment.objects.record(StockAdjustment(product=product, delta=delta, reason=reason, subject=subject))


def _refuse_taken(product: Product) -> None:
    """After the database refused a product: raise ReferenceTaken or ValueTaken if a unique field was the reason."""
    fields = Product.objects.taken_fields(product)
    if fields == ("external_reference",):
        raise ReferenceTaken(str(product.external_reference)) from None
    if fields:
        raise ValueTaken(fields) from None
