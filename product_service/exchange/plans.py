"""Decide, without a database, what each row does to the products that it names."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exchange.columns import REQUIRED
from exchange.formats import Record
from exchange.rows import Row, RowRefused
from products.models import Product


@dataclass
class Catalogue:
    """The products that some rows are about."""

    by_id: dict[int, Product]
    by_value: dict[str, dict[Any, Product]]  # of each unique field, by its value
    first_units: Mapping[int, int]  # that a product's ledger begins with, if any row gives a stock


@dataclass
class Plan:
    """The result: products to insert and to update, and rows that are rejected."""

    inserts: list[Product] = field(default_factory=list)
    edits: dict[int, Product] = field(default_factory=dict)
    given_up: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # unique fields, by product's id
    rejected: list[tuple[Record, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # rows created, updated, unchanged


def plan(rows: Sequence[Row], catalogue: Catalogue) -> Plan:
    """
    Decide about rows in their order, each as if those before it had been written: where batches end does not matter.

    :param catalogue: holds every product that a row names or takes a unique value from; its products are changed.
    """
    made = Plan()
    for row in rows:
        try:
            product = _find(row, catalogue)
            _refuse_taken(row, product, catalogue)
            result = _edit(row, product, catalogue, made) if product else _create(row, catalogue, made)
        except RowRefused as error:
            made.rejected.append((row.record, str(error)))
        else:
            made.counts[result] += 1
    return made


def _find(row: Row, catalogue: Catalogue) -> Product | None:
    if "id" not in row.values:
        reference = row.values.get("external_reference")
        return catalogue.by_value["external_reference"].get(reference) if reference else None
    product = catalogue.by_id.get(row.values["id"])
    if product is None:
        raise RowRefused(f"id: There is no product {row.values['id']}; leave the id empty to create one.")
    return product


def _refuse_taken(row: Row, product: Product | None, catalogue: Catalogue) -> None:
    for name, owners in catalogue.by_value.items():
        value = row.values.get(name)
        if value is not None and owners.get(value, product) is not product:
            raise RowRefused(f'{name}: Another product has "{value}".')


def _create(row: Row, catalogue: Catalogue, made: Plan) -> str:
    missing = [name for name in REQUIRED if name not in row.values]
    if missing:
        raise RowRefused(f"{' and '.join(missing)}: Required, for there is no such product yet.")
    product = Product(**row.values)
    made.inserts.append(product)
    for name, owners in catalogue.by_value.items():
        owners[getattr(product, name)] = product
    return "created"


def _edit(row: Row, product: Product, catalogue: Catalogue, made: Plan) -> str:
    changes = {name: value for name, value in row.values.items() if getattr(product, name) != value}
    stock = changes.pop("stock_quantity", None)
    if stock is not None and not _is_first_stock(stock, product, catalogue):
        raise RowRefused(
            f"stock_quantity: An import sets what a product begins with; this one has {product.stock_quantity}. "
            "Leave the cell empty, or make a stock adjustment."
        )
    if not changes:
        return "unchanged"
    for name in changes.keys() & catalogue.by_value.keys():
        _give_up(product, name, catalogue, made)
        catalogue.by_value[name][changes[name]] = product
    for name, value in changes.items():
        setattr(product, name, value)
    if product.pk in catalogue.by_id:
        made.edits[product.pk] = product
    return "updated"


def _is_first_stock(stock: int, product: Product, catalogue: Catalogue) -> bool:
    """Return whether the product began with this stock: the row that created it may come again after some were sold."""
    return product.pk in catalogue.by_id and stock == catalogue.first_units.get(product.pk, 0)


def _give_up(product: Product, name: str, catalogue: Catalogue, made: Plan) -> None:
    value = getattr(product, name)
    if value is not None:
        del catalogue.by_value[name][value]
        made.given_up[name].add(product.pk)
