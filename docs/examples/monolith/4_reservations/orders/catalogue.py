"""The only module of orders that knows where products and their stock are."""

from collections.abc import Sequence

from django.db.models import F

from orders.errors import NotSold, SoldOut, Unavailable
from orders.models import Order
from orders.product_service import client
from products.models import Place
from products.models import Product as Row
from products_client import Product, ProductNotFound, ProductsError, ReservationRequest, ReservationResult


def find(product_id: int) -> Product:
    try:
        return client().get_product(_service_ids([product_id])[product_id])
    except ProductNotFound:
        raise NotSold from None
    except ProductsError as error:
        raise Unavailable from error


def is_here(product_id: int) -> bool:
    """
    Return whether the stock is in our table.

    :raises NotSold: if product_service does not know the product.
    :raises Unavailable: while the stock is on its way.
    """
    row = Row.objects.filter(pk=product_id, service_id__isnull=False).first()
    if row is None:
        raise NotSold
    if row.stock_is in {Place.LEAVING, Place.RETURNING}:
        raise Unavailable
    return row.stock_is == Place.HERE


def take(product_id: int, quantity: int) -> None:
    """Take units from the table, until the transaction ends. The move of the stock waits for that."""
    row = Row.objects.select_for_update().get(pk=product_id)
    if row.stock_is != Place.HERE:
        raise Unavailable
    if row.stock_quantity < quantity:
        raise SoldOut
    Row.objects.filter(pk=product_id).update(stock_quantity=F("stock_quantity") - quantity)


def lock(product_id: int) -> None:
    """Keep the stock where it is until the transaction ends."""
    Row.objects.select_for_update().get(pk=product_id)


def give_back(product_id: int, quantity: int) -> None:
    Row.objects.filter(pk=product_id).update(stock_quantity=F("stock_quantity") + quantity)


def reserve(orders: Sequence[Order]) -> list[ReservationResult]:
    """
    Request the desired quantity of at most 100 orders, each at its revision. May be repeated.

    :raises OutcomeUnknown: if there was no answer.
    """
    ids = _service_ids([order.product_id for order in orders])
    items = [
        ReservationRequest(
            id=order.reservation_id,
            product_id=ids[order.product_id],
            quantity=order.desired_quantity,
            revision=order.revision,
        )
        for order in orders
    ]
    return client().put_reservations(items)


def _service_ids(product_ids: Sequence[int]) -> dict[int, int]:
    rows = Row.objects.filter(pk__in=product_ids, service_id__isnull=False)
    return dict(rows.values_list("pk", "service_id"))
