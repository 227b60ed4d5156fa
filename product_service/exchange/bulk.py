"""Many products read and written at once, in a number of statements that does not grow with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from exchange.columns import FIELDS
from exchange.plans import Catalogue, Plan
from exchange.rows import Row
from inventory.models import INITIAL_STOCK, StockAdjustment
from products.models import Product, unique_fields
from service_kit.database.clock import NOW

# An edit of the catalogue never writes stock.
EDITED = [name for name in FIELDS if name not in {"id", "stock_quantity"}]


class ValueMoved(Exception):
    """While products were looked up by a unique field, another transaction changed its value in one of them."""


def look_up(rows: Sequence[Row], *, lock: bool) -> Catalogue:
    """
    Find the products that rows name, and those that have a value of a unique field that a row is to have.

    :param lock: whether nobody else may change them until this transaction ends; they are locked in order of id.
    :raises ValueMoved: if another transaction changed such a value meanwhile; the next attempt sees it.
    """
    unique = [names[0] for names in unique_fields() if len(names) == 1 and names[0] in FIELDS]
    owners = [(name, value, pk) for name in unique for value, pk in _owners(name, rows)]
    ids = {row.values["id"] for row in rows if "id" in row.values} | {pk for _, _, pk in owners}
    by_id = (Product.objects.lock_many(ids) if lock else Product.objects.in_bulk(ids)) if ids else {}
    if any(getattr(by_id[pk], name) != value for name, value, pk in owners):
        raise ValueMoved("values of unique fields changed meanwhile")
    by_value = {name: {getattr(product, name): product for product in by_id.values()} for name in unique}
    return Catalogue(by_id, by_value, _first_units(rows, by_id))


def write(plan: Plan, *, subject: str) -> None:
    """
    Write a plan whose products are locked, in the transaction of the caller.

    :raises IntegrityError: if a constraint refuses a row, as it does when somebody has just created the same product.
    """
    for name, ids in plan.given_up.items():  # first, so that another product of this batch may have the value
        if Product._meta.get_field(name).null:  # noqa: SLF001 - Django's public name
            Product.objects.filter(pk__in=ids).update(**{name: None})
    if plan.edits:
        _edit(plan.edits.values())
    if plan.inserts:
        _insert(plan.inserts, subject=subject)


def _owners(name: str, rows: Iterable[Row]) -> Iterable[tuple[Any, int]]:
    values = {row.values[name] for row in rows if row.values.get(name) is not None}
    return Product.objects.filter(**{f"{name}__in": values}).values_list(name, "pk") if values else ()


def _first_units(rows: Iterable[Row], products: Iterable[int]) -> dict[int, int]:
    """Return the first units in the ledger of each product, if any row gives a stock."""
    if not any("stock_quantity" in row.values for row in rows):
        return {}
    first = StockAdjustment.objects.filter(product__in=products, reason=INITIAL_STOCK)
    return dict(first.values_list("product", "delta"))


def _insert(products: Sequence[Product], *, subject: str) -> None:
    """Insert products with their first units, which nobody can have moved yet, and its ledger."""
    Product.objects.bulk_create(products)
    StockAdjustment.objects.bulk_create(
        StockAdjustment(product=product, delta=product.stock_quantity, reason=INITIAL_STOCK, subject=subject)
        for product in products
        if product.stock_quantity
    )


def _edit(products: Iterable[Product]) -> None:
    """Write locked products. Each row is there, so that each INSERT becomes an UPDATE, of all columns but the stock."""
    edited = list(products)
    for product in edited:
        product.updated_at = NOW
    Product.objects.bulk_create(
        edited, update_conflicts=True, unique_fields=["id"], update_fields=[*EDITED, "updated_at"]
    )
