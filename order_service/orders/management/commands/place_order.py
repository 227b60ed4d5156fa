"""Place an order by the product's name, from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from orders import products, services
from orders.errors import OrdersError
from orders.states import LARGEST_QUANTITY
from products_client import Product, ProductsError
from service_kit.auth.claims import LONGEST_SUBJECT, is_of_a_clerk
from service_kit.rest.idempotency import PRINTABLE_ASCII


class Command(BaseCommand):
    help = "Place an order for the product of this name (in any case), with the service that the API calls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--product", required=True, metavar="NAME", help="the product's whole name")
        parser.add_argument("--quantity", type=int, required=True, help="number of units")
        parser.add_argument("--owner", default="command-line", help="the order's owner: the subject of their tokens")
        parser.add_argument("--key", help="an idempotency key: repeating the command with it places one order only")

    def handle(self, *, product: str, quantity: int, owner: str, key: str | None, **options: Any) -> None:
        if not 1 <= quantity <= LARGEST_QUANTITY:
            raise CommandError(f"The quantity must be from 1 to {LARGEST_QUANTITY}.")
        if not 1 <= len(owner) <= LONGEST_SUBJECT or not owner.isprintable():
            raise CommandError(f"The owner must be 1 to {LONGEST_SUBJECT} printable characters, as subjects are.")
        if is_of_a_clerk(owner):
            raise CommandError("The owner must not begin with admin: as the subjects of clerks do.")
        if key is not None and not PRINTABLE_ASCII.fullmatch(key):
            raise CommandError("The key must be 1 to 255 printable ASCII characters.")
        try:
            found = self._by_name(product)
            placed = services.place_order(owner=owner, product_id=found.id, quantity=quantity, idempotency_key=key)
        except (ProductsError, OrdersError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error

        order = placed.order
        self.stdout.write(
            f"Order {order.pk}: {order.placed_quantity} x {order.product_name} at {order.unit_price}"
            + (" (placed before)" if placed.replayed else "")
        )

    def _by_name(self, name: str) -> Product:
        """Find the one product of this name; raise CommandError with the candidates if there are none or several."""
        candidates = products.client().find_products(name=name)
        named = [candidate for candidate in candidates if candidate.name.casefold() == name.casefold()]
        if len(named) == 1:
            return named[0]
        if named:
            ids = ", ".join(str(candidate.id) for candidate in named)
            raise CommandError(f"{len(named)} products are named {name!r} (ids {ids}): order by id over the API.")
        if candidates:
            names = ", ".join(sorted(repr(candidate.name) for candidate in candidates[:10]))
            raise CommandError(f"No product is named {name!r}. Similar: {names}.")
        raise CommandError(f"No product is named {name!r}.")
