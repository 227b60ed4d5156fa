"""The monolith with the shop's own group commit: orders of concurrent requests are placed by one statement."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import Error, connection
from orders.group_commit import GroupCommit  # type: ignore[import-not-found] # order_service's

from contenders.monolith.models import Order
from contenders.monolith.services import place_order

# The shop's numbers, of orders/batcher.py and products_client.
LARGEST, QUEUE_TIMEOUT, COMPLETION_TIMEOUT, LEAD_TIMEOUT = 100, 1.0, 2.3, 0.9

# All of the group or nothing. Where units are taken meanwhile, CHECK refuses the statement: the new stock is computed
# from the row as it is under the lock. Products are locked in order of id.
PLACE = """
    WITH draft AS (
        SELECT number, (value ->> 'product_id')::bigint AS product_id, (value ->> 'quantity')::integer AS quantity,
            coalesce(value ->> 'owner', '') AS owner, value ->> 'idempotency_key' AS idempotency_key
        FROM json_array_elements(%s) WITH ORDINALITY AS drafts (value, number) LIMIT %s
    ), possible AS (
        SELECT draft.*, product.name, product.price,
            sum(draft.quantity) OVER (PARTITION BY product.id) <= product.stock_quantity AS is_enough
        FROM draft JOIN monolith_product AS product ON product.id = draft.product_id
        WHERE product.is_active
    ), placed AS (
        INSERT INTO monolith_order (product_id, product_name, unit_price, quantity, status, created_at, updated_at,
            owner, idempotency_key)
        SELECT product_id, name, price, quantity, 'pending', now(), now(), owner, idempotency_key
        FROM possible WHERE (SELECT count(*) = %s AND bool_and(is_enough) FROM possible) ORDER BY number
        RETURNING id, product_id, product_name, unit_price, quantity, status, created_at, updated_at
    ), moved AS (
        SELECT product_id, sum(quantity) AS units FROM placed GROUP BY product_id
    ), locked AS (
        SELECT id FROM monolith_product WHERE id IN (SELECT product_id FROM moved) ORDER BY id FOR UPDATE
    ), taken AS (
        UPDATE monolith_product AS product
        SET stock_quantity = CASE WHEN product.is_active THEN product.stock_quantity - moved.units ELSE -1 END
        FROM moved JOIN locked ON locked.id = moved.product_id WHERE product.id = locked.id
    )
    SELECT * FROM placed ORDER BY id
"""
Draft = dict[str, Any]  # the arguments of `place_order`


def place_together(**draft: Any) -> Order:  # noqa: ANN401 - the arguments of `place_order`
    """Place an order like `services.place_order`, in one transaction with those of concurrent requests."""
    order: Order = groups.submit(draft, queue_timeout=QUEUE_TIMEOUT, completion_timeout=COMPLETION_TIMEOUT)
    return order


def place_group(drafts: Sequence[Draft]) -> list[Order | Exception]:
    """Place all orders with one statement, or each for itself if one of them must be refused."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [json.dumps(drafts), len(drafts), len(drafts)])
            names = [column.name for column in cursor.description]
            placed = [Order(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    except Error:  # such as an idempotency key that is taken
        placed = []
    return [*placed] or [_place_alone(draft) for draft in drafts]


def _place_alone(draft: Draft) -> Order | Exception:
    try:
        return place_order(**draft)
    except Exception as error:  # noqa: BLE001 - the answer of this draft
        return error


groups = GroupCommit(place_group, largest=LARGEST, lead_timeout=LEAD_TIMEOUT)
