"""Each field of a product is in the model, the API, the files and the example: the test that fails names the step."""

import json
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.serializers import LAMP, ProductInputSerializer, ProductSerializer
from exchange.bulk import EDITED
from exchange.columns import COLUMNS
from exchange.exporting import USUAL
from exchange.formats import Csv
from products.models import Product, unique_fields
from service_kit.testing.problems import assert_problem
from tests.imports import import_file, write_csv, write_ndjson
from tests.world import PRODUCTS, add_product

KEPT_BY_THE_SERVICE = {"id", "created_at", "updated_at"}
WRITTEN = set(ProductInputSerializer().fields)
UNIQUE = [names[0] for names in unique_fields() if len(names) == 1 and names[0] in WRITTEN]


def values_of(product: Product) -> dict[str, Any]:
    shown = ProductSerializer.show(Product.objects.one(product.pk))
    return {name: value for name, value in shown.items() if name not in KEPT_BY_THE_SERVICE}


def test_the_model_has_the_fields_that_clients_may_write() -> None:
    columns = {field.name for field in Product._meta.concrete_fields}  # noqa: SLF001 - Django's public name

    assert columns - KEPT_BY_THE_SERVICE == WRITTEN


def test_what_may_be_written_is_shown() -> None:
    assert set(ProductSerializer().fields) == WRITTEN | KEPT_BY_THE_SERVICE


def test_the_example_of_the_contract_has_every_field_that_may_be_written() -> None:
    assert set(LAMP) == WRITTEN


def test_a_file_has_every_column_that_may_be_written_and_the_id() -> None:
    assert set(COLUMNS) == WRITTEN | {"id"}
    assert set(USUAL) == set(COLUMNS) - {"stock_quantity", "is_active"}


def test_an_import_writes_every_column_but_the_stock() -> None:
    assert set(EDITED) == WRITTEN - {"stock_quantity"}


def test_every_unique_constraint_names_its_fields() -> None:
    assert all(unique_fields()), "a constraint over expressions: say in taken_fields() when it is violated"


@pytest.mark.django_db
def test_a_client_can_create_a_product_with_every_field(clerk: APIClient) -> None:
    response = clerk.post(PRODUCTS, LAMP)

    assert response.status_code == 201, response.content
    assert values_of(Product.objects.one(response.json()["id"])) == LAMP


@pytest.mark.django_db
@pytest.mark.parametrize("field", sorted(WRITTEN))
def test_a_client_can_edit_every_field(clerk: APIClient, field: str) -> None:
    product = add_product()

    response = clerk.patch(f"{PRODUCTS}{product.pk}/", {field: LAMP[field]})

    assert response.status_code == 200, response.content
    assert values_of(product)[field] == LAMP[field]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["id", None], ids=["an edit", "a new product"])
@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_an_import_loses_no_field(tmp_path: Path, kind: str, key: str | None) -> None:
    product = add_product(stock=25, is_active=False)
    row = {**({"id": product.pk} if key else {}), **LAMP}
    if kind == "csv":
        file = write_csv(tmp_path / "file.csv", Csv().row([*row], [*row.values()]).rstrip("\n"), header=",".join(row))
    else:
        file = write_ndjson(tmp_path / "file.ndjson", row)

    done = import_file(file)

    assert done.code == 0, done.printed
    assert values_of(product if key else Product.objects.latest("pk")) == LAMP
    assert f"{'updated' if key else 'created'}: 1" in done.printed


@pytest.mark.django_db
@pytest.mark.parametrize("field", UNIQUE)
def test_a_value_of_a_unique_field_that_another_product_has_is_refused(
    clerk: APIClient, tmp_path: Path, field: str
) -> None:
    clerk.post(PRODUCTS, LAMP)
    other = add_product(name="Chair")
    slug = "external-reference-taken" if field == "external_reference" else "value-taken"
    new = {"name": "Rug", "price": "1.00", field: LAMP[field]}
    row = {"id": other.pk, field: LAMP[field]}

    created = clerk.post(PRODUCTS, new)
    edited = clerk.patch(f"{PRODUCTS}{other.pk}/", {"name": "Stool", field: LAMP[field]})
    imported = import_file(write_ndjson(tmp_path / "file.ndjson", row, {"id": other.pk, "price": "2.00"}))

    assert_problem(created, status=409, slug=slug)
    assert_problem(edited, status=409, slug=slug)
    assert imported.code == 1
    [refused] = (tmp_path / "file.rejected.ndjson").read_text().splitlines()
    assert json.loads(refused)["rejected_reason"] == f'{field}: Another product has "{LAMP[field]}".'
    after = values_of(other)
    assert (after["name"], after["price"], after[field]) == ("Chair", "2.00", None)
