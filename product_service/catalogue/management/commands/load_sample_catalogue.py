"""Fill an empty catalogue with a few products to try things with."""

from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand

from catalogue import services
from products.models import Product

SAMPLES = (
    ("Desk lamp", "A warm light on a long arm.", "39.90", 120),
    ("Notebook", "A5, 160 dotted pages.", "6.50", 800),
    ("Fountain pen", "Fine nib, blue ink.", "24.00", 150),
    ("Office chair", "Adjustable in height, back and arms.", "289.00", 25),
    ("Bookshelf", "Oak, five boards.", "149.00", 40),
    ("Monitor arm", "For screens up to 9 kg.", "89.95", 60),
    ("Wall clock", "Silent.", "32.00", 75),
    ("Letter opener", "The last one.", "12.75", 1),
)


class Command(BaseCommand):
    help = "Create the sample products, if the catalogue is empty."

    def handle(self, **options: Any) -> None:
        if Product.objects.exists():
            self.stdout.write("The catalogue is not empty; nothing was added.")
            return
        for name, description, price, stock in SAMPLES:
            services.create_product(
                name=name,
                description=description,
                price=Decimal(price),
                stock_quantity=stock,
                subject="load_sample_catalogue",
            )
        self.stdout.write(f"{len(SAMPLES)} products were added.")
