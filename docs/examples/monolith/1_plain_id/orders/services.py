"""What customers and clerks do: each is one transaction over both tables."""

from django.db import transaction
from django.db.models import F

from orders.errors import NotChanged, NotSold, SoldOut
from orders.models import Order, Status
from products.models import Product


@transaction.atomic
def place_order(*, owner: str, product_id: int, quantity: int) -> Order:
    product = Product.objects.filter(pk=product_id, is_active=True).first()
    if product is None:
        raise NotSold
    left = Product.objects.filter(pk=product_id, stock_quantity__gte=quantity)
    if not left.update(stock_quantity=F("stock_quantity") - quantity):
        raise SoldOut
    return Order.objects.create(
        product_id=product_id, owner=owner, product_name=product.name, unit_price=product.price, quantity=quantity
    )


@transaction.atomic
def cancel_order(*, owner: str, order_id: int) -> None:
    order = Order.objects.filter(pk=order_id, owner=owner).first()
    if not order or not Order.objects.filter(pk=order_id, status=Status.PENDING).update(status=Status.CANCELED):
        raise NotChanged
    Product.objects.filter(pk=order.product_id).update(stock_quantity=F("stock_quantity") + order.quantity)


def ship_order(*, order_id: int) -> None:
    if not Order.objects.filter(pk=order_id, status=Status.PENDING).update(status=Status.SHIPPED):
        raise NotChanged
