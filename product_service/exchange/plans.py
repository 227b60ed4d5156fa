"""What rows come to, given the products that they are about: decided without a database, row after row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from products.models import Product

from exchange.formats import Record
from exchange.serializers import REQUIRED, Row


class RowUnfit(Exception):
    """A row does not fit the catalogue as it is."""


@dataclass
class Catalogue:
    """The products that some rows are about."""

    by_id: dict[int, Product]
    by_reference: dict[str, Product]
    began_with: Mapping[int, int]  # units that a product's ledger begins with, of those whose stock is spoken of


@dataclass
class Plan:
    """What rows come to: products to insert and to write, and rows that are refused."""

    inserts: list[Product] = field(default_factory=list)
    edits: dict[int, Product] = field(default_factory=dict)
    moved_references: set[int] = field(default_factory=set)  # products whose reference another may take over
    rejected: list[tuple[Record, str]] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0


def plan(rows: Sequence[Row], catalogue: Catalogue) -> Plan:
    """
    Decide about rows in their order, each as if those before it had been written: where batches end does not matter.

    :param catalogue: holds every product that a row names by id or by reference; its products are changed.
    """
    made = Plan()
    for row in rows:
        try:
            product = _find(row, catalogue)
            if product is None:
                _create(row, catalogue, made)
            else:
                _edit(row, product, catalogue, made)
        except RowUnfit as error:
            made.rejected.append((row.record, str(error)))
    return made


def _find(row: Row, catalogue: Catalogue) -> Product | None:
    if row.product_id is None:
        return catalogue.by_reference.get(row.reference) if row.reference else None
    product = catalogue.by_id.get(row.product_id)
    if product is None:
        raise RowUnfit(f"id: There is no product {row.product_id}; leave the id empty to create one.")
    owner = catalogue.by_reference.get(row.reference) if row.reference else product
    if owner not in (None, product):
        raise RowUnfit(f'external_reference: Another product has "{row.reference}".')
    return product


def _create(row: Row, catalogue: Catalogue, made: Plan) -> None:
    missing = [name for name in REQUIRED if name not in row.values]
    if missing:
        raise RowUnfit(f"{' and '.join(missing)}: Required, for there is no such product yet.")
    product = Product(**row.values)
    made.inserts.append(product)
    made.created += 1
    if row.reference:
        catalogue.by_reference[row.reference] = product


def _edit(row: Row, product: Product, catalogue: Catalogue, made: Plan) -> None:
    changes = {name: value for name, value in row.values.items() if getattr(product, name) != value}
    stock = changes.pop("stock_quantity", None)
    if stock is not None and not _began_with(stock, product, catalogue):
        raise RowUnfit(
            f"stock_quantity: An import sets what a product begins with; this one has {product.stock_quantity}. "
            "Leave the cell empty, or make a stock adjustment."
        )
    if not changes:
        made.unchanged += 1
        return
    made.updated += 1
    if "external_reference" in changes:
        _rename(product, changes["external_reference"], catalogue, made)
    for name, value in changes.items():
        setattr(product, name, value)
    if product.pk in catalogue.by_id:
        made.edits[product.pk] = product


def _began_with(stock: int, product: Product, catalogue: Catalogue) -> bool:
    """Whether this is what the product had at first: a row that created it may come again after some were sold."""
    return product.pk in catalogue.by_id and stock == catalogue.began_with.get(product.pk, 0)


def _rename(product: Product, reference: str, catalogue: Catalogue, made: Plan) -> None:
    if product.external_reference is not None:
        del catalogue.by_reference[product.external_reference]
        made.moved_references.add(product.pk)
    catalogue.by_reference[reference] = product
