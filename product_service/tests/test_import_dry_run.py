"""A dry run: everything that an import would say, and nothing that it would do."""

from pathlib import Path

import pytest

from exchange.models import CatalogueImport
from inventory.models import StockAdjustment
from products.models import Product
from tests.imports import columns_of, import_file, rejected, write_csv
from tests.world import add_product

pytestmark = pytest.mark.django_db


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Product, StockAdjustment, CatalogueImport)]


def test_it_tells_what_would_happen_and_changes_nothing(tmp_path: Path) -> None:
    lamp = add_product(name="Lamp", price="1.00", stock=5)
    same = f"{lamp.pk},,Lamp,1.00"
    header = "id,external_reference,name,price"
    file = write_csv(
        tmp_path / "new.csv", f"{lamp.pk},A-1,Lamp,2.00", ",A-2,Chair,3.00", same, ",A-3,Desk,free", header=header
    )
    before = everything()

    done = import_file(file, "--dry-run")

    assert done.code == 1
    assert "would be created: 1, updated: 2, unchanged: 0, rejected: 1" in done.printed
    assert columns_of(rejected(tmp_path / "new.dry-run.rejected.csv")) == [(5, "price")]
    assert everything() == before


def test_it_does_not_disturb_an_import_that_was_interrupted(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "new.csv", *[f"A-{number},,,1.00,," for number in range(10)])
    import_file(file)
    CatalogueImport.objects.update(finished_at=None)
    refused = (tmp_path / "new.rejected.csv").read_bytes()

    import_file(file, "--dry-run")

    assert (tmp_path / "new.rejected.csv").read_bytes() == refused
    assert import_file(file).code == 1
