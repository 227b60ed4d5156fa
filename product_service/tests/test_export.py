"""What an export writes, what it leaves out, and that an import takes all of it back."""

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from catalogue.services import edit_product
from exchange import exporting
from exchange.columns import COLUMNS
from inventory.models import StockAdjustment
from inventory.services import adjust_stock
from products.models import Product
from tests.imports import import_file
from tests.world import PRODUCTS, add_product, address, settle_one, stock_of, want, withdraw

pytestmark = pytest.mark.django_db


def export(path: Path, *options: str) -> str:
    call_command("export_products", str(path), *options, stderr=StringIO())
    return path.read_bytes().decode()


def test_csv_has_a_header_of_the_chosen_columns_and_a_line_for_each_product_for_sale(tmp_path: Path) -> None:
    lamp, chair = add_product(name="Lämp", price="39.9"), add_product(name='2" chair, oak')
    withdraw(add_product())

    text = export(tmp_path / "all.csv", "--columns", "id,external_reference,name,description,price")

    assert text == (
        f'id,external_reference,name,description,price\n{lamp.pk},,Lämp,,39.90\n{chair.pk},,"2"" chair, oak",,10.00\n'
    )


def test_ndjson_has_an_object_for_each_product(tmp_path: Path) -> None:
    lamp = add_product(name="Lämp", price="39.9")

    text = export(tmp_path / "all.ndjson")

    assert "Lämp" in text
    shown = json.loads(text)
    assert tuple(shown) == exporting.USUAL
    assert (shown["id"], shown["name"], shown["price"]) == (lamp.pk, "Lämp", "39.90")
    assert (shown["external_reference"], shown["description"]) == (None, "")


def test_products_out_of_sale_are_there_if_they_are_wanted(tmp_path: Path) -> None:
    add_product(name="Lamp")
    withdraw(add_product(name="Chair"))

    text = export(tmp_path / "all.csv", "--include-inactive")

    assert text.splitlines()[0] == ",".join([*exporting.USUAL, "is_active"])
    assert [(row["name"], row["is_active"]) for row in csv.DictReader(StringIO(text))] == [
        ("Lamp", "true"),
        ("Chair", "false"),
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        *(([f"--columns={columns}"], "--columns takes") for columns in ("name,colour", "name,name", ",")),
        (["--format=ndjson", "--excel=comma"], "--excel is for CSV"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        export(tmp_path / "all.csv", *options)

    assert not (tmp_path / "all.csv").exists()


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_a_line_break_of_any_kind_stays_in_its_cell(tmp_path: Path, line_break: str) -> None:
    text = f"two{line_break}lines"
    lamp = add_product()
    edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": text})
    export(tmp_path / "all.csv")
    edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": "other"})

    done = import_file(tmp_path / "all.csv")

    assert done.code == 0
    assert Product.objects.one(lamp.pk).description == text


def test_more_than_a_page_is_written_in_order_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PAGE", 3)
    products = [add_product() for _ in range(10)]

    text = export(tmp_path / "all.csv", "--columns", "id")

    assert text.split() == ["id", *(str(product.pk) for product in products)]


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_product(name="Lamp")
    before = export(tmp_path / "all.csv")

    def break_off(*args: Any, **options: Any) -> None:
        raise CommandError("no space on the disk")

    monkeypatch.setattr(exporting, "write", break_off)
    with pytest.raises(CommandError, match="no space"):
        export(tmp_path / "all.csv")

    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]
    assert (tmp_path / "all.csv").read_text() == before


def test_prices_are_edited_in_a_file_while_orders_come_in(tmp_path: Path) -> None:
    lamp, chair = add_product(price="10.00", stock=9), add_product(price="20.00", stock=9)
    text = export(tmp_path / "all.csv")
    settle_one(want(lamp, 4))
    adjust_stock(product_id=chair.pk, delta=-1, reason="damaged", subject="the clerk")
    withdraw(chair)
    (tmp_path / "all.csv").write_text(text.replace("10.00", "11.00"))

    done = import_file(tmp_path / "all.csv")

    assert "updated: 1, unchanged: 1, rejected: 0" in done.printed
    lamp.refresh_from_db()
    chair.refresh_from_db()
    assert (lamp.price, lamp.stock_quantity) == (Decimal("11.00"), 5)
    assert (chair.stock_quantity, chair.is_active) == (8, False)


# Whatever JSON can say, the API decides what of it is a product.
LIKE_FORMULAS = ["=1+1", "@SUM(A1)", "-2", "+3", "\t=1", "00123", "1E5", '""', ";", ",", "\ufeff", "\x85", " x "]
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(LIKE_FORMULAS)
bodies = st.fixed_dictionaries(
    {"name": text, "price": st.decimals("0", "99999999.99", places=2).map(str)},
    optional={
        "description": text,
        "stock_quantity": st.integers(0, 2**31 - 1),
        "is_active": st.booleans(),
        "external_reference": st.none() | text,
    },
)
in_each_form = pytest.mark.parametrize(
    ("ending", "options"),
    [("csv", ()), ("csv", ("--excel", "comma")), ("csv", ("--excel", "semicolon")), ("ndjson", ())],
    ids=["csv", "commas for Excel", "semicolons for Excel", "ndjson"],
)


@in_each_form
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(bodies, min_size=1, max_size=6))
def test_whatever_the_api_accepts_is_imported_from_its_export_into_an_empty_catalogue(
    tmp_path: Path, clerk: APIClient, ending: str, options: Sequence[str], bodies: list[dict[str, Any]]
) -> None:
    _empty()
    for body in [*bodies, {"name": "Lamp", "price": 1}]:
        clerk.post(PRODUCTS, body)
    before = _all()
    file = tmp_path / f"all.{ending}"
    export(file, "--include-inactive", "--columns", ",".join(COLUMNS[1:]), *options)
    _empty()

    done = import_file(file, "--restart")

    assert done.code == 0, done.printed
    assert _all() == before != []
    assert all(stock_of(product) == product.stock_quantity for product in Product.objects.all())


@in_each_form
@pytest.mark.parametrize("description", ["a" * 65_500, '"' * 32_700, "\t" * 32_700, "\U0001f4a1" * 16_300])
def test_the_longest_texts_that_the_api_accepts_are_imported_from_their_export(
    tmp_path: Path, clerk: APIClient, ending: str, options: Sequence[str], description: str
) -> None:
    lamp = add_product(name="\U0001f4a1" * 255)
    body = json.dumps({"description": f"{description}."}, ensure_ascii=False, separators=(",", ":")).encode()
    assert clerk.patch(address(lamp), body, content_type="application/json").status_code == 200
    clerk.patch(address(lamp), {"external_reference": '"' * 254 + "."})
    before = _all()
    export(tmp_path / f"all.{ending}", *options)
    edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": "other"})

    done = import_file(tmp_path / f"all.{ending}")

    assert done.code == 0, done.printed
    assert _all() == before


@pytest.mark.parametrize(
    ("kind", "line"), [("comma", 'Lämp,"9,90 ""only""",19.90'), ("semicolon", 'Lämp;"9,90 ""only""";19,90')]
)
def test_a_file_for_excel_begins_with_a_byte_order_mark(tmp_path: Path, kind: str, line: str) -> None:
    lamp = add_product(name="Lämp", price="19.90")
    edit_product(product_id=lamp.pk, subject="the clerk", changes={"description": '9,90 "only"'})

    text = export(tmp_path / "all.csv", "--columns", "name,description,price", "--excel", kind)

    assert text.startswith("\ufeffname")
    assert text.splitlines()[1] == line


def _all() -> list[dict[str, Any]]:
    fields = ("external_reference", "name", "description", "price", "stock_quantity", "is_active")
    return list(Product.objects.order_by("pk").values(*fields))


def _empty() -> None:
    StockAdjustment.objects.all().delete()
    Product.objects.all().delete()
