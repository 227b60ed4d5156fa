"""The only module of orders that knows where products and their stock are."""

from django.db.models import F

from orders.errors import NotSold, SoldOut
from products.models import Product


def find(product_id: int) -> Product:
    product = Product.objects.filter(pk=product_id, is_active=True).first()
    if product is None:
        raise NotSold
    return product


def take(product_id: int, quantity: int) -> None:
    left = Product.objects.filter(pk=product_id, stock_quantity__gte=quantity)
    if not left.update(stock_quantity=F("stock_quantity") - quantity):
        raise SoldOut


def give_back(product_id: int, quantity: int) -> None:
    Product.objects.filter(pk=product_id).update(stock_quantity=F("stock_quantity") + quantity)
