"""What the tests' stories are made of: products, holds to hold some of them, and the sum that must always hold."""

from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

from django.db.models import Sum

from catalogue.services import create_product, deactivate_product, edit_product
from inventory.models import Reservation, StockAdjustment
from inventory.protocol import Desired, Settled
from inventory.services import settle_reservations
from products.models import Product

PRODUCTS = "/api/v1/products/"
RESERVATIONS = "/internal/v1/reservations/"
BALANCES = "/internal/v1/balances/"
UNKNOWN_PRODUCT = 999_999_999
numbers = count(1)


def add_product(*, name: str = "", price: str = "10.00", stock: int = 0, is_active: bool = True) -> Product:
    return create_product(
        name=name or f"Product {next(numbers)}",
        price=Decimal(price),
        stock_quantity=stock,
        is_active=is_active,
        subject="the clerk",
    )


def address(product: Product) -> str:
    return f"{PRODUCTS}{product.pk}/"


def ledger(product: Product) -> str:
    return f"{PRODUCTS}{product.pk}/stock-adjustments/"


def withdraw(product: Product) -> None:
    deactivate_product(product_id=product.pk, subject="the clerk")


def reprice(product: Product, *, name: str, price: str) -> None:
    edit_product(product_id=product.pk, subject="the clerk", changes={"name": name, "price": Decimal(price)})


def want(product: Product | int, quantity: int, *, revision: int = 1, under: UUID | None = None) -> Desired:
    product_id = product if isinstance(product, int) else product.pk
    return Desired(id=under or uuid4(), product_id=product_id, quantity=quantity, revision=revision)


def settle(*desired: Desired) -> list[Settled]:
    return settle_reservations(desired=desired)


def settle_one(desired: Desired) -> Settled:
    [settled] = settle(desired)
    return settled


def stock_of(product: Product) -> int:
    return Product.objects.one(product.pk).stock_quantity


def is_conserved(product: Product) -> bool:
    """Whether all that ever came is either in stock or held."""
    came = StockAdjustment.objects.filter(product=product).aggregate(units=Sum("delta"))["units"] or 0
    held = Reservation.objects.filter(product_id=product.pk).aggregate(units=Sum("quantity"))["units"] or 0
    return bool(came == stock_of(product) + held)
