"""Move the stock of products to product_service, or back: of those that are named, or of all."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moving import stock
from products.models import Product


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("products", type=int, nargs="*")
        parser.add_argument("--back", action="store_true")

    def handle(self, *, products: list[int], back: bool, **options: Any) -> None:
        for product_id in products or Product.objects.order_by("pk").values_list("pk", flat=True):
            if back:
                stock.move_back(product_id)
            elif refused := stock.move(product_id):
                ids = ", ".join(str(order.pk) for order in refused)
                raise CommandError(f"Nothing is reserved for the orders {ids}. Is product {product_id} on sale?")
