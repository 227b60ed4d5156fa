"""Many products read and written at once, in a number of statements that does not grow with them."""

from collections.abc import Iterable, Sequence

from django.db import connections, router
from django.utils import timezone
from inventory.models import INITIAL_STOCK, StockAdjustment
from products.models import Product

from exchange.plans import Catalogue, Plan
from exchange.serializers import Row

# In the order of the statement below. Stock is not among them: an edit of the catalogue never writes it.
EDITED = ("name", "description", "price", "is_active", "external_reference")


class ReferenceMoved(Exception):
    """While rows were looked for by their references, somebody gave one of those to another product."""


def look_up(rows: Sequence[Row], *, lock: bool) -> Catalogue:
    """
    Find the products that rows name.

    :param lock: whether nobody else may change them until this transaction ends; they are locked in order of id.
    :raises ReferenceMoved: if somebody changed a reference meanwhile; the next attempt sees it.
    """
    references = {row.reference for row in rows if row.reference}
    owners = dict(
        Product.objects.filter(external_reference__in=references).values_list("external_reference", "pk")
        if references
        else ()
    )
    ids = {row.product_id for row in rows if row.product_id} | set(owners.values())
    by_id = (Product.objects.lock_many(ids) if lock else Product.objects.in_bulk(ids)) if ids else {}
    if any(by_id[pk].external_reference != reference for reference, pk in owners.items()):
        raise ReferenceMoved("external references changed meanwhile")
    by_reference = {product.external_reference: product for product in by_id.values() if product.external_reference}
    return Catalogue(by_id, by_reference, _began_with(rows, by_id))


def write(plan: Plan, *, subject: str) -> None:
    """
    Write a plan whose products are locked, in the transaction of the caller.

    :raises IntegrityError: if somebody created a product of the same reference meanwhile; the next attempt sees it.
    """
    if plan.moved_references:  # given up first, so that another product of this batch may have them
        Product.objects.filter(pk__in=plan.moved_references).update(external_reference=None)
    if plan.edits:
        _edit(plan.edits.values())
    if plan.inserts:
        _insert(plan.inserts, subject=subject)


def _began_with(rows: Iterable[Row], products: Iterable[int]) -> dict[int, int]:
    """The first units in the ledger of each product, if any row speaks of stock."""
    if not any("stock_quantity" in row.values for row in rows):
        return {}
    first = StockAdjustment.objects.filter(product__in=products, reason=INITIAL_STOCK)
    return dict(first.values_list("product", "delta"))


def _insert(products: Sequence[Product], *, subject: str) -> None:
    """Insert products with the stock that they begin with, which nobody can have moved yet, and its ledger."""
    Product.objects.bulk_create(products)
    StockAdjustment.objects.bulk_create(
        StockAdjustment(product=product, delta=product.stock_quantity, reason=INITIAL_STOCK, subject=subject)
        for product in products
        if product.stock_quantity
    )


def _edit(products: Iterable[Product]) -> None:
    connection = connections[router.db_for_write(Product)]
    columns = {name: Product._meta.get_field(name) for name in ("id", *EDITED)}  # noqa: SLF001 - Django's public name
    values = [
        column.get_db_prep_save(getattr(product, name), connection)  # type: ignore[union-attr] # no relation among them
        for product in products
        for name, column in columns.items()
    ]
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * (len(values) // len(columns)))
    # Both databases name the columns of VALUES column1, column2, ... when nobody else does.
    statement = (
        "UPDATE products_product SET name = said.column2, description = said.column3,"  # noqa: S608 - placeholders only
        " price = CAST(said.column4 AS numeric), is_active = said.column5, external_reference = said.column6,"
        f" updated_at = %s FROM (VALUES {rows}) AS said WHERE products_product.id = said.column1"
    )
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, *values])
