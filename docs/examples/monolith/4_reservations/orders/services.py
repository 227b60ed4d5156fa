"""What customers and clerks do. No transaction is open while product_service is called."""

from uuid import uuid4

from django.db import transaction
from django.db.models import F

from orders import catalogue
from orders.errors import NotChanged, NotSold, SoldOut, Unavailable
from orders.models import Order, Status
from products_client import Outcome, OutcomeUnknown

REFUSALS = {Outcome.INSUFFICIENT_STOCK: SoldOut, Outcome.PRODUCT_NOT_FOUND: NotSold}


def place_order(*, owner: str, product_id: int, quantity: int) -> Order:
    order = Order(product_id=product_id, owner=owner, quantity=quantity)
    if not catalogue.is_here(product_id):
        return _reserve(order)
    product = catalogue.find(product_id)
    order.product_name, order.unit_price = product.name, product.price
    with transaction.atomic():
        catalogue.take(product_id, quantity)
        order.save()
    return order


def _reserve(order: Order) -> Order:
    order.status, order.reservation_id, order.revision = Status.PLACING, uuid4(), 1
    with transaction.atomic(durable=True):  # committed before the call: a crash leaves a row that says what may be held
        order.save()
    row = Order.objects.filter(pk=order.pk, status=Status.PLACING)
    try:
        [result] = catalogue.reserve([order])
    except OutcomeUnknown as unknown:
        row.update(status=Status.FAILED, revision=2)  # release_units gives back what may be held
        raise Unavailable from unknown
    if result.outcome in REFUSALS:
        row.update(status=Status.FAILED, synced_revision=1)
        raise REFUSALS[result.outcome]
    snapshot = {"product_name": result.product_name, "unit_price": result.unit_price}
    if result.outcome != Outcome.HELD or not row.update(status=Status.PENDING, synced_revision=1, **snapshot):
        raise Unavailable  # it took so long that release_units has given it up
    return order


@transaction.atomic
def cancel_order(*, owner: str, order_id: int) -> None:
    order = Order.objects.filter(pk=order_id, owner=owner).first()
    if order is None:
        raise NotChanged
    catalogue.lock(order.product_id)
    pending = Order.objects.filter(pk=order_id, status=Status.PENDING)
    if pending.filter(revision__gt=0).update(status=Status.CANCELED, revision=F("revision") + 1):
        return  # release_units gives the units back
    if not pending.update(status=Status.CANCELED):
        raise NotChanged
    catalogue.give_back(order.product_id, order.quantity)


def ship_order(*, order_id: int) -> None:
    if not Order.objects.filter(pk=order_id, status=Status.PENDING).update(status=Status.SHIPPED):
        raise NotChanged
