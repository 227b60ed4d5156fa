"""Write the orders that have a reservation, as rows of order_service."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from orders.models import Order, Status
from orders.reservations import unsynced
from products.models import Product


class Command(BaseCommand):
    def handle(self, **options: Any) -> None:
        if unsynced().exists():
            raise CommandError("Wait until release_units has given back what is due.")
        if Order.objects.filter(status=Status.PENDING, revision=0).exists():
            raise CommandError("Move the stock first: there are open orders without a reservation.")
        service_ids = dict(Product.objects.values_list("pk", "service_id"))
        for order in Order.objects.filter(revision__gt=0).exclude(status=Status.FAILED).order_by("pk"):
            row = columns(order, product_id=service_ids[order.product_id])
            sys.stdout.write(json.dumps(row, cls=DjangoJSONEncoder) + "\n")


def columns(order: Order, *, product_id: int) -> dict[str, Any]:
    same = ("id", "owner", "product_name", "unit_price", "quantity", "status", "reservation_id", "revision")
    return {
        **{name: getattr(order, name) for name in (*same, "synced_revision", "created_at")},
        "product_id": product_id,
        "placement": "live",
        "placed_quantity": order.quantity,
        "placed_at": order.created_at,
        "updated_at": order.created_at,
    }
