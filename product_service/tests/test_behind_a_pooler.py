"""Reservations, imports and exports behind PgBouncer in transaction mode."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from exchange import exporting
from inventory.protocol import Outcome
from products.models import Product
from service_kit.testing.pgbouncer import behind_pgbouncer
from service_kit.testing.threads import at_once
from tests.imports import import_file
from tests.world import add_product, settle_one, stock_of, want

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite has no pooler")]


@pytest.fixture(autouse=True)
def _pooler(transactional_db: None) -> Iterator[None]:
    with behind_pgbouncer():
        yield


def test_no_unit_is_held_twice() -> None:
    lamp = add_product(stock=10)

    outcomes = at_once([lambda: settle_one(want(lamp, 1)).outcome] * 16)

    assert sorted(outcomes) == [Outcome.HELD] * 10 + [Outcome.INSUFFICIENT_STOCK] * 6
    assert stock_of(lamp) == 0


def test_an_import_takes_an_export_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    for _ in range(5):
        add_product()
    call_command("export_products", str(tmp_path / "all.csv"), stderr=StringIO())
    Product.objects.update(description="changed since")

    imported = import_file(tmp_path / "all.csv", "--subject", "the clerk")

    assert imported.code == 0
    assert Product.objects.filter(description="").count() == 5
