"""Placing an order where one transaction can hold both tables."""

from django.db import transaction
from django.db.models import F
from rest_framework.exceptions import APIException, NotFound

from contenders.monolith.models import Order, Product


class InsufficientStock(APIException):
    status_code = 409
    default_detail = "There are fewer units."


@transaction.atomic
def place_order(*, product_id: int, quantity: int, owner: str = "", idempotency_key: str | None = None) -> Order:
    """
    Place an order: the row, and the units taken from stock, or neither.

    The stock is taken last, so that the product's row is locked for as short a time as possible.

    :raises NotFound: if no such product is sold.
    :raises InsufficientStock: if there are fewer units.
    """
    product = Product.objects.filter(pk=product_id, is_active=True).only("name", "price").first()
    if product is None:
        raise NotFound
    order = Order.objects.create(
        product_id=product_id,
        product_name=product.name,
        unit_price=product.price,
        quantity=quantity,
        owner=owner,
        idempotency_key=idempotency_key,
    )
    stocked = Product.objects.filter(pk=product_id, stock_quantity__gte=quantity)
    if not stocked.update(stock_quantity=F("stock_quantity") - quantity):
        raise InsufficientStock
    return order
