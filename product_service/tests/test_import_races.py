"""Imports beside sales, edits and other imports, on real connections."""

from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from catalogue.services import edit_product
from exchange import importing
from exchange.formats import Record, format_of
from exchange.journals import Journal
from exchange.lines import Place
from exchange.models import CatalogueImport
from exchange.plans import Plan
from exchange.rejects import RejectsFile
from exchange.rows import Row
from exchange.services import import_batch
from products.models import Product
from service_kit.testing.threads import at_once
from tests.imports import write_csv
from tests.world import add_product, is_conserved, settle, stock_of, want

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite in memory is one connection; its writers wait for each other"),
]


def keep_nothing(made: Plan) -> None:
    assert not made.rejected


def bring_in(file: Path) -> None:
    """Import as the command does, in whatever thread."""
    rejects = RejectsFile(file.with_suffix(".rejected"), format_of(None, file.name))
    journal = Journal(CatalogueImport(subject="the supplier"), rejects)
    with file.open("rb") as stream:
        for _ in importing.run(stream, journal=journal, size=50, only_with_key=True):
            pass


def row(line: int, **values: object) -> Row:
    return Row(Record(line, Place(0, line)), values)


def test_an_import_beside_sales_in_another_order_loses_neither_and_never_waits_in_a_ring() -> None:
    products = [add_product(stock=1000) for _ in range(40)]

    def sell() -> None:
        for _ in range(10):
            settle(*(want(product, 1) for product in reversed(products)))

    def reprice(number: int) -> None:
        rows = [row(line, id=product.pk, price=number) for line, product in enumerate(reversed(products))]
        for _ in range(10):
            import_batch(rows=rows, subject="the supplier", keep=keep_nothing)

    at_once([sell, sell, lambda: reprice(1), lambda: reprice(2)])

    assert {stock_of(product) for product in products} == {980}
    assert all(is_conserved(product) for product in products)
    assert len(set(Product.objects.values_list("price", flat=True))) == 1


def test_two_files_at_once_with_the_same_references_create_each_product_once(tmp_path: Path) -> None:
    names = [f"S-{number}" for number in range(300)]
    files = [
        write_csv(tmp_path / "one.csv", *(f"{name},Lamp,,1.00,2," for name in names)),
        write_csv(tmp_path / "two.csv", *(f"{name},Lamp,,1.00,2," for name in reversed(names))),
    ]

    at_once([partial(bring_in, file) for file in files])

    assert Product.objects.count() == 300
    assert all(is_conserved(product) and product.stock_quantity == 2 for product in Product.objects.all())


def test_an_edit_over_the_api_beside_an_import_waits_for_its_batch_and_is_not_lost() -> None:
    lamp = add_product(name="Lamp", price="1.00")

    def edit() -> None:
        edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": "by the clerk"})

    def reprice() -> None:
        import_batch(rows=[row(1, id=lamp.pk, price=5)], subject="the supplier", keep=keep_nothing)

    for _ in range(10):
        Product.objects.update(description="", price=1)
        at_once([edit, reprice])
        lamp.refresh_from_db()
        assert (lamp.description, lamp.price) == ("by the clerk", Decimal(5))
