"""Write the products that product_service does not have yet, for its import."""

import csv
import sys
from typing import Any

from django.core.management.base import BaseCommand

from products.models import Product

COLUMNS = ["external_reference", "name", "price", "is_active"]  # no stock: it moves later


class Command(BaseCommand):
    def handle(self, **options: Any) -> None:
        rows = csv.writer(sys.stdout)
        rows.writerow(COLUMNS)
        for product in Product.objects.filter(service_id=None).order_by("pk"):
            rows.writerow([f"monolith-{product.pk}", product.name, product.price, str(product.is_active).lower()])
