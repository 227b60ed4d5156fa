"""Read an export of product_service: the ids that it gave, and its names and prices."""

import csv
import sys
from typing import Any

from django.core.management.base import BaseCommand

from products.models import Product


class Command(BaseCommand):
    def handle(self, **options: Any) -> None:
        for row in csv.DictReader(sys.stdin):
            if row["external_reference"].startswith("monolith-"):
                Product.objects.filter(pk=row["external_reference"].removeprefix("monolith-")).update(
                    service_id=row["id"], name=row["name"], price=row["price"], is_active=row["is_active"] == "true"
                )
