"""Moving the stock of one product to product_service, and back. Both may be repeated after a crash."""

import os
from uuid import uuid4

import httpx
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F

from orders.models import Order, Status
from orders.reservations import push, unsynced
from products.models import Place, Product

OPEN = (Status.PENDING, Status.SHIPPED)


def move(product_id: int) -> list[Order]:
    """Move the stock there, and reserve the units of open orders. Return orders that were refused."""
    _leave(product_id)
    product = Product.objects.get(pk=product_id)
    if product.stock_is != Place.LEAVING:
        return []
    _adjust(product)
    refused = push(unsynced().filter(product_id=product_id, status__in=OPEN))
    if refused:
        Order.objects.filter(pk__in=[order.pk for order in refused]).update(revision=F("revision") + 1)
    else:
        Product.objects.filter(pk=product_id).update(stock_is=Place.THERE, moved_units=0)
    return refused


@transaction.atomic
def _leave(product_id: int) -> None:
    product = Product.objects.select_for_update().get(pk=product_id)
    if product.stock_is != Place.HERE or product.service_id is None:
        return
    orders = list(Order.objects.select_for_update().filter(product_id=product_id, status=Status.PENDING, revision=0))
    for order in orders:
        order.reservation_id, order.revision = uuid4(), 1
    Order.objects.bulk_update(orders, ["reservation_id", "revision"])
    # Their units were taken from the table: they go along, to be reserved there.
    product.moved_units = product.stock_quantity + sum(order.quantity for order in orders)
    product.stock_quantity, product.stock_is, product.move_key = 0, Place.LEAVING, uuid4()
    product.save()


def move_back(product_id: int) -> None:
    """Take back what is in stock there. Orders that have a reservation keep it."""
    product = Product.objects.get(pk=product_id)
    if product.service_id is None:
        return
    if product.stock_is == Place.LEAVING:
        raise CommandError(f"Product {product_id} is on its way there: first repeat `move_stock {product_id}`.")
    if product.stock_is != Place.RETURNING:
        _call_back(product)
    while not _adjust(product):  # some were sold since they were counted
        _call_back(product)
    Product.objects.filter(pk=product_id, stock_is=Place.RETURNING).update(
        stock_is=Place.HERE, stock_quantity=F("stock_quantity") - F("moved_units"), moved_units=0
    )


def _call_back(product: Product) -> None:
    units = _request("GET", product).raise_for_status().json()["stock_quantity"]
    product.stock_is, product.moved_units, product.move_key = Place.RETURNING, -units, uuid4()
    product.save(update_fields=["stock_is", "moved_units", "move_key"])


def _adjust(product: Product) -> bool:
    """Make the adjustment once, however often it is sent: the row has its units and its key."""
    if product.moved_units == 0:
        return True
    change = {"delta": product.moved_units, "reason": "moved from or to the monolith"}
    key = {"Idempotency-Key": str(product.move_key)}
    answer = _request("POST", product, "stock-adjustments/", json=change, headers=key)
    if answer.status_code == httpx.codes.CONFLICT:
        return False
    answer.raise_for_status()
    return True


def _request(
    method: str, product: Product, path: str = "", *, json: object = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send a request with the token of the clerk who moves the stock."""
    url = f"{os.environ['PRODUCTS_URL']}/api/v1/products/{product.service_id}/{path}"
    sent = {"Authorization": f"Bearer {os.environ['TOKEN']}", **(headers or {})}
    return httpx.request(method, url, json=json, headers=sent, trust_env=False)
