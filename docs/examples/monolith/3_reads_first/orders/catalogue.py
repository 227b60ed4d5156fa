"""The only module of orders that knows where products and their stock are."""

from django.db.models import F

from orders.errors import NotSold, SoldOut, Unavailable
from orders.product_service import client
from products.models import Product as Row
from products_client import Product, ProductNotFound, ProductsError


def find(product_id: int) -> Product:
    row = Row.objects.filter(pk=product_id, service_id__isnull=False).first()
    if row is None:
        raise NotSold
    try:
        return client().get_product(row.service_id)
    except ProductNotFound:
        raise NotSold from None
    except ProductsError as error:
        raise Unavailable from error


def take(product_id: int, quantity: int) -> None:
    left = Row.objects.filter(pk=product_id, stock_quantity__gte=quantity)
    if not left.update(stock_quantity=F("stock_quantity") - quantity):
        raise SoldOut


def give_back(product_id: int, quantity: int) -> None:
    Row.objects.filter(pk=product_id).update(stock_quantity=F("stock_quantity") + quantity)
