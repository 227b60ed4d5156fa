"""What is left when nothing is left: no framework but the router, no ORM, one statement."""

import json

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

LARGEST_QUANTITY = 2**31 - 1
PLACE = """
    WITH taken AS (
        UPDATE monolith_product SET stock_quantity = stock_quantity - %s
        WHERE id = %s AND is_active AND stock_quantity >= %s
        RETURNING id, name, price
    )
    INSERT INTO monolith_order (product_id, product_name, unit_price, quantity, status, created_at, updated_at, owner)
    SELECT id, name, price, %s, 'pending', now(), now(), '' FROM taken
    RETURNING id, product_name, unit_price, created_at
"""


def orders(request: HttpRequest) -> JsonResponse:
    """Place an order in one statement, which is a transaction of its own."""
    body = json.loads(request.body)
    product_id, quantity = body["product_id"], body["quantity"]
    if type(product_id) is not int or type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
        return JsonResponse({"detail": "product_id and quantity are whole numbers"}, status=400)
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [quantity, product_id, quantity, quantity])
        row = cursor.fetchone()
    if row is None:
        return JsonResponse({"detail": "not sold, or not enough of it"}, status=409)
    order_id, product_name, unit_price, created_at = row
    order = {
        "id": order_id,
        "product_id": product_id,
        "product_name": product_name,
        "unit_price": str(unit_price),
        "quantity": quantity,
        "total_price": str(unit_price * quantity),
        "status": "pending",
        "created_at": created_at,
        "updated_at": created_at,
    }
    return JsonResponse(order, status=201)


urlpatterns = [path("api/v1/orders/", orders)]
