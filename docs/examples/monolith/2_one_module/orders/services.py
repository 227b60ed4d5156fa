"""What customers and clerks do: each is one transaction over both tables."""

from django.db import transaction

from orders import catalogue
from orders.errors import NotChanged
from orders.models import Order, Status


def place_order(*, owner: str, product_id: int, quantity: int) -> Order:
    product = catalogue.find(product_id)
    with transaction.atomic():
        catalogue.take(product_id, quantity)
        return Order.objects.create(
            product_id=product_id, owner=owner, product_name=product.name, unit_price=product.price, quantity=quantity
        )


@transaction.atomic
def cancel_order(*, owner: str, order_id: int) -> None:
    order = Order.objects.filter(pk=order_id, owner=owner).first()
    if not order or not Order.objects.filter(pk=order_id, status=Status.PENDING).update(status=Status.CANCELED):
        raise NotChanged
    catalogue.give_back(order.product_id, order.quantity)


def ship_order(*, order_id: int) -> None:
    if not Order.objects.filter(pk=order_id, status=Status.PENDING).update(status=Status.SHIPPED):
        raise NotChanged
