"""The writes of inventory: settling reservations, adjusting stock."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from inventory.errors import IdempotencyKeyReused
from inventory.models import Reservation, StockAdjustment
from inventory.protocol import Desired, Settled
from products.models import Product
from service_kit.database.clock import NOW, Instant
from service_kit.database.transactions import refuse_open_transaction


def settle_reservations(*, desired: Sequence[Desired]) -> list[Settled]:
    """
    Apply desired quantities, in the order given, each only if its revision is newer; answer for every one.

    May be repeated, in any order and any number of times: the same revision is answered with the same outcome, an
    older one changes nothing. The number of statements does not grow with the batch (on SQLite by one for the hundredth
    item); new reservations that can all be held take one. Locks reservations first, then products, each in order of id,
    so that no two batches can wait for each other.

    :param desired: with distinct ids.
    :raises RuntimeError: in an open transaction: the answer would be given before the commit.
    """
    refuse_open_transaction()
    held = Reservation.objects.hold_new(desired)
    if len(held) == len(desired):
        return [held[item.id] for item in desired]
    return _settle_step_by_step(desired)


@transaction.atomic(durable=True)
def _settle_step_by_step(desired: Sequence[Desired]) -> list[Settled]:
    rows = Reservation.objects.claim(desired)
    newer = [item for item in desired if item.revision > rows[item.id].revision]
    needed = {item.product_id for item in desired if rows[item.id].needs_product(item)}
    products = Product.objects.lock_many(needed) if needed else {}
    stock_before = {product.pk: product.stock_quantity for product in products.values()}

    settled = [rows[item.id].settle(item, products.get(item.product_id)) for item in desired]

    Product.objects.take({pk: before - products[pk].stock_quantity for pk, before in stock_before.items()})
    Reservation.objects.write(rows[item.id] for item in newer)
    return settled


@transaction.atomic(durable=True)
def delete_old_reservations(*, age: timedelta, limit: int, now: Instant = NOW) -> int:
    """
    Delete reservations that hold nothing and were settled longer ago than `age`. Return how many, at most `limit`.

    Rows that somebody else has locked are left alone, so that this waits for nobody.

    :param age: longer than any message about a reservation can be late: a late one would hold units for no order.
    """
    old = Reservation.objects.empty_for(age, now=now).select_for_update(skip_locked=True)
    ids = list(old.order_by("updated_at").values_list("pk", flat=True)[:limit])
    return Reservation.objects.filter(pk__in=ids).delete()[0] if ids else 0


@transaction.atomic(durable=True)
def adjust_stock(
    *, product_id: int, delta: int, reason: str, subject: str, idempotency_key: str | None = None
) -> tuple[StockAdjustment, bool]:
    """
    Move a product's stock, and record who did it and why. Return the adjustment, and whether it existed already.

    With a key it may be repeated: the first adjustment is returned. Refusals are not stored: they changed nothing, and
    a repeated request is decided anew.

    :raises ProductNotFound: if there is no such product.
    :raises InsufficientStock: if the stock would fall below zero.
    :raises StockTooLarge: if it would exceed what one product may have.
    :raises IdempotencyKeyReused: if the subject used the key for another adjustment.
    """
    # The lock comes first: of two requests with one key, the second one looks only when the first is done.
    product = Product.objects.lock(product_id)
    fingerprint = hashlib.sha256(json.dumps([product_id, delta, reason]).encode()).hexdigest()
    earlier = StockAdjustment.objects.of_key(subject=subject, idempotency_key=idempotency_key)
    if earlier is not None:
        if earlier.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        return earlier, True
    adjustment = StockAdjustment(
        product=product,
        delta=delta,
        reason=reason,
        subject=subject,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
    )
    StockAdjustment.objects.record(adjustment)
    return adjustment, False
