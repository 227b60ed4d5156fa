"""A second unique column: refused by the API, distinguished from other rows by an import, never the end of a file."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import UniqueConstraint
from rest_framework.test import APIClient

from products.models import Product
from service_kit.testing.problems import assert_problem
from tests.imports import import_file, rejected, write_csv
from tests.world import PRODUCTS, add_product, is_conserved

pytestmark = pytest.mark.django_db


def make_unique(*columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNIQUE INDEX tried ON products_product ({', '.join(columns)})")


def declare_unique(monkeypatch: pytest.MonkeyPatch, *fields: str) -> None:
    make_unique(*fields)
    meta = Product._meta  # noqa: SLF001 - Django's public name
    monkeypatch.setattr(meta, "constraints", [*meta.constraints, UniqueConstraint(fields=fields, name="tried")])


@pytest.fixture
def unique_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model as if it had a second unique field."""
    declare_unique(monkeypatch, "name")


@pytest.fixture
def unique_together(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_unique(monkeypatch, "name", "price")


@pytest.mark.usefixtures("unique_names")
def test_a_second_product_with_the_value_is_refused(clerk: APIClient) -> None:
    add_product(name="Lamp")

    response = clerk.post(PRODUCTS, {"name": "Lamp", "price": "1.00", "stock_quantity": 5})

    problem = assert_problem(response, status=409, slug="value-taken")
    assert problem["detail"] == "Another product has the same name."
    assert Product.objects.count() == 1


@pytest.mark.usefixtures("unique_together")
def test_an_edit_that_meets_the_values_of_another_product_is_refused_and_changes_nothing(clerk: APIClient) -> None:
    add_product(name="Lamp", price="1.00")
    chair = add_product(name="Chair", price="1.00")

    response = clerk.patch(f"{PRODUCTS}{chair.pk}/", {"name": "Lamp", "description": "Tall."})

    problem = assert_problem(response, status=409, slug="value-taken")
    assert problem["detail"] == "Another product has the same name and price."
    chair.refresh_from_db()
    assert (chair.name, chair.description) == ("Chair", "")


@pytest.mark.usefixtures("unique_names")
@pytest.mark.parametrize("option", ["--restart", "--dry-run"], ids=["for good", "as a trial"])
@pytest.mark.parametrize("size", ["1", "2", "1000"])
def test_rows_with_a_value_that_is_taken_are_rejected_and_the_others_are_not(
    tmp_path: Path, size: str, option: str
) -> None:
    add_product(name="Lamp")
    chair = add_product(name="Chair")
    rows = (",Lamp", ",Rug", f"{chair.pk},Lamp", ",Rug", f"{chair.pk},Stool", ",Clock")
    file = write_csv(tmp_path / "new.csv", *(f"{row},1.00" for row in rows), header="id,name,price")

    done = import_file(file, "--batch-size", size, option)

    assert done.code == 1
    if option == "--restart":
        assert rejected(tmp_path / "new.rejected.csv") == [
            (2, 'name: Another product has "Lamp".'),
            (4, 'name: Another product has "Lamp".'),
            (5, 'name: Another product has "Rug".'),
        ]
        assert set(Product.objects.values_list("name", flat=True)) == {"Lamp", "Rug", "Stool", "Clock"}
    else:
        assert {line for line, _ in rejected(tmp_path / "new.dry-run.rejected.csv")} >= {2, 4}
        assert set(Product.objects.values_list("name", flat=True)) == {"Lamp", "Chair"}


@pytest.mark.usefixtures("unique_names")
@pytest.mark.parametrize("size", ["1", "2", "1000"])
def test_products_exchange_values_of_a_field_that_may_not_be_null(tmp_path: Path, size: str) -> None:
    lamp, chair = add_product(name="Lamp"), add_product(name="Chair")
    rows = (f"{lamp.pk},Rug", f"{chair.pk},Lamp", f"{lamp.pk},Chair")

    done = import_file(write_csv(tmp_path / "edit.csv", *rows, header="id,name"), "--batch-size", size)

    assert done.code == 0, done.printed
    assert [Product.objects.one(product.pk).name for product in (lamp, chair)] == ["Chair", "Lamp"]


@pytest.mark.usefixtures("unique_together")
def test_values_that_are_unique_together_are_rejected_by_the_database_and_the_file_goes_on(tmp_path: Path) -> None:
    add_product(name="Lamp", price="1.00")
    rows = (*(f"New {number},1.00,{number}" for number in range(1, 40)), "Lamp,1.00,7", "Lamp,2.00,8")
    file = write_csv(tmp_path / "new.csv", *rows, header="name,price,stock_quantity")

    done = import_file(file)

    assert "created: 40, updated: 0, unchanged: 0, rejected: 1" in done.printed
    assert rejected(tmp_path / "new.rejected.csv") == [(41, "name, price: Another product has the same.")]
    assert all(is_conserved(product) for product in Product.objects.all())


def test_a_constraint_that_the_model_does_not_declare_rejects_its_row_and_not_the_file(tmp_path: Path) -> None:
    make_unique("substr(name, 1, 4)")
    file = write_csv(tmp_path / "new.csv", "Lamp one,1", "Chair,1", "Lamp two,1", "Rug,1", header="name,price")

    done = import_file(file)

    assert done.code == 1
    [(line, reason)] = rejected(tmp_path / "new.rejected.csv")
    assert line == 4
    assert reason.startswith("The database refuses this row: ")
    assert set(Product.objects.values_list("name", flat=True)) == {"Lamp one", "Chair", "Rug"}
    assert import_file(file).code == 1
    assert Product.objects.count() == 3
