"""What the rows of an imported file do: create, edit, leave alone; and what each of them is refused for."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from catalogue.services import edit_product
from inventory.models import StockAdjustment
from products.models import Product
from tests.imports import columns_of, import_file, rejected, write_csv, write_ndjson
from tests.world import UNKNOWN_PRODUCT, add_product, is_conserved, settle_one, stock_of, want

pytestmark = pytest.mark.django_db


LAMP = {"name": "Lamp", "price": "1"}


def by_reference(reference: str) -> Product:
    return Product.objects.get(external_reference=reference)


def refer(product: Product, reference: str) -> None:
    edit_product(product_id=product.pk, subject="the clerk", changes={"external_reference": reference})


def test_a_new_row_becomes_a_product_with_the_first_row_of_its_ledger(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "new.csv", 'A-1,Desk lamp,"Warm, and long-armed",39.90,12,false')

    done = import_file(file, "--subject", "the supplier")

    lamp = by_reference("A-1")
    assert done.code == 0
    assert (lamp.name, lamp.description, lamp.price) == ("Desk lamp", "Warm, and long-armed", Decimal("39.90"))
    assert (lamp.stock_quantity, lamp.is_active) == (12, False)
    row = StockAdjustment.objects.get(product=lamp)
    assert (row.delta, row.reason, row.subject) == (12, "initial stock", "the supplier")
    assert is_conserved(lamp)


def test_a_row_without_any_key_creates_a_product(tmp_path: Path) -> None:
    write_csv(tmp_path / "new.csv", "Desk lamp,39.90", header="name,price")

    import_file(tmp_path / "new.csv")

    lamp = Product.objects.get()
    assert (lamp.description, lamp.stock_quantity, lamp.is_active, lamp.external_reference) == ("", 0, True, None)


def test_products_are_found_by_id_or_by_reference_and_only_what_is_said_is_changed(tmp_path: Path) -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    chair = add_product(name="Chair", price="80.00", stock=7)
    refer(chair, "C-1")
    file = write_csv(tmp_path / "edit.csv", f"{lamp.pk},,35.00", ",C-1,75.50", header="id,external_reference,price")

    done = import_file(file)

    lamp.refresh_from_db()
    chair.refresh_from_db()
    assert "created: 0, updated: 2, unchanged: 0, rejected: 0" in done.printed
    assert (lamp.name, lamp.price, lamp.stock_quantity, lamp.external_reference) == ("Desk lamp", Decimal(35), 5, None)
    assert (chair.name, chair.price, chair.stock_quantity) == ("Chair", Decimal("75.50"), 7)


@pytest.mark.parametrize(("price", "is_edited"), [("39.9", False), ("1.00", True)], ids=["what is so", "an edit"])
def test_a_row_that_says_what_is_so_leaves_the_product_untouched_and_an_edit_is_dated(
    tmp_path: Path, price: str, is_edited: bool
) -> None:
    lamp = add_product(name="Desk lamp", price="39.90")

    done = import_file(write_csv(tmp_path / "edit.csv", f"{lamp.pk},Desk lamp,{price}", header="id,name,price"))

    after = Product.objects.one(lamp.pk)
    assert f"updated: {int(is_edited)}, unchanged: {int(not is_edited)}" in done.printed
    assert (after.updated_at > lamp.updated_at, after.created_at) == (is_edited, lamp.created_at)


@pytest.mark.parametrize("absent", [{}, {"external_reference": None}])
def test_no_row_takes_a_reference_away(tmp_path: Path, absent: dict[str, None]) -> None:
    lamp = add_product()
    refer(lamp, "A-1")

    import_file(write_ndjson(tmp_path / "edit.ndjson", {"id": lamp.pk, "name": "Floor lamp", **absent}))

    assert by_reference("A-1").name == "Floor lamp"


@pytest.mark.parametrize("size", ["1", "2", "1000"])
def test_rows_about_one_product_are_applied_in_their_order_wherever_batches_end(tmp_path: Path, size: str) -> None:
    file = write_csv(
        tmp_path / "new.csv",
        "A-1,Desk lamp,,39.90,5,",
        "A-1,Floor lamp,,49.90,5,",
        "A-1,Floor lamp,,49.90,6,",
        "A-1,Wall lamp,,59.90,,false",
    )

    done = import_file(file, "--batch-size", size)

    lamp = by_reference("A-1")
    assert (lamp.name, lamp.price, lamp.stock_quantity, lamp.is_active) == ("Wall lamp", Decimal("59.90"), 5, False)
    assert "created: 1, updated: 2, unchanged: 0, rejected: 1" in done.printed
    assert columns_of(rejected(tmp_path / "new.rejected.csv")) == [(4, "stock_quantity")]


@pytest.mark.parametrize("size", ["1", "2", "1000"])
def test_a_reference_can_be_given_and_go_from_one_product_to_another_in_one_file(tmp_path: Path, size: str) -> None:
    lamp, chair, clock = (add_product() for _ in range(3))
    refer(lamp, "A")
    refer(chair, "B")
    rows = (f"{lamp.pk},C", f"{chair.pk},A", f"{lamp.pk},B", f"{clock.pk},A")
    file = write_csv(tmp_path / "edit.csv", *rows, header="id,external_reference")

    import_file(file, "--batch-size", size)

    assert (by_reference("B").pk, by_reference("A").pk) == (lamp.pk, chair.pk)
    assert columns_of(rejected(tmp_path / "edit.rejected.csv")) == [(5, "external_reference")]


def test_stock_of_a_product_that_exists_is_not_set(tmp_path: Path) -> None:
    lamp = add_product(name="Desk lamp", stock=5)
    file = write_csv(tmp_path / "edit.csv", f"{lamp.pk},Floor lamp,9", header="id,name,stock_quantity")

    assert import_file(file).code == 1
    assert columns_of(rejected(tmp_path / "edit.rejected.csv")) == [(2, "stock_quantity")]
    assert (Product.objects.one(lamp.pk).name, stock_of(lamp)) == ("Desk lamp", 5)


@pytest.mark.parametrize("stock", [5, 2], ids=["what it began with", "what is left"])
def test_a_row_may_repeat_the_stock_that_a_product_began_with_or_has(tmp_path: Path, stock: int) -> None:
    lamp = add_product(stock=5)
    settle_one(want(lamp, 3))
    file = write_csv(tmp_path / "edit.csv", f"{lamp.pk},Floor lamp,{stock}", header="id,name,stock_quantity")

    done = import_file(file)

    assert done.code == 0
    assert Product.objects.one(lamp.pk).name == "Floor lamp"
    assert stock_of(lamp) == 2
    assert is_conserved(lamp)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        *(({**LAMP, "name": name}, "name") for name in ("", "a" * 256, "a\u0000b")),
        *(({**LAMP, "price": price}, "price") for price in ("1.234", "-1", "1e2", None)),
        *(({**LAMP, "stock_quantity": stock}, "stock_quantity") for stock in (-1, "1", 2**31)),
        *(({**LAMP, "id": key}, "id") for key in (UNKNOWN_PRODUCT, 0, "1")),
        *(({**LAMP, "is_active": "true"}, "is_active"), ({**LAMP, "external_reference": ""}, "external_reference")),
        *(({**LAMP, "colour": "red"}, "colour"), ({**LAMP, "created_at": "2026-01-01"}, "created_at")),
        *(({"name": "Lamp"}, "price"), ({"price": "1"}, "name"), ({}, "name and price")),
    ],
)
def test_a_row_that_is_wrong_is_refused_and_its_neighbours_are_not(
    tmp_path: Path, row: dict[str, object], column: str
) -> None:
    good = {"name": "Chair", "price": "80.00"}
    file = write_ndjson(tmp_path / "new.ndjson", good, row, good)

    done = import_file(file)

    assert done.code == 1
    [refused] = (tmp_path / "new.rejected.ndjson").read_text().splitlines()
    assert refused.startswith(f'{{"rejected_line": 2, "rejected_reason": "{column}: ')
    assert list(Product.objects.values_list("name", flat=True)) == ["Chair", "Chair"]


def test_everything_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    import_file(write_csv(tmp_path / "new.csv", "A-1,,,cheap,many,maybe"))

    [(line, reason)] = rejected(tmp_path / "new.rejected.csv")
    assert line == 2
    assert all(f"{column}: " in reason for column in ("name", "price", "stock_quantity", "is_active"))


def test_the_number_of_statements_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def cost(count: int) -> int:
        rows = [f"S-{number},Lamp,,1.00,{number % 2}," for number in range(count)]
        statements = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            import_file(write_csv(tmp_path / f"{count}.csv", *rows))
        return len(statements)

    assert cost(100) == cost(10) > 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--batch-size", size) for size in ("0", "5001")),
        *(("--subject", subject) for subject in ("", "a\nb", "admin:root1")),
    ],
)
def test_an_option_out_of_its_range_stops_everything(tmp_path: Path, option: str, value: str) -> None:
    done = import_file(write_csv(tmp_path / "new.csv", "A-1,Lamp,,1.00,5,"), option, value)

    assert done.code == 2
    assert f"{option} must be" in done.printed
    assert not Product.objects.exists()
