"""How the tests' stories import files."""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from inventory.models import StockAdjustment
from products.models import Product
from tests.world import is_conserved

ROWS = 100
HEADER = "external_reference,name,description,price,stock_quantity,is_active"


@dataclass(frozen=True)
class Imported:
    """How the command ended, and what it printed."""

    code: int
    printed: str


def import_file(path: Path, *options: str) -> Imported:
    printed = StringIO()
    try:
        call_command("import_products", str(path), *options, stderr=printed)
    except SystemExit as error:
        return Imported(int(error.code or 0), printed.getvalue())
    except CommandError as error:
        return Imported(error.returncode, printed.getvalue() + str(error))
    return Imported(0, printed.getvalue())


def write_csv(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def write_ndjson(path: Path, *rows: Mapping[str, Any] | str) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rejected(path: Path) -> list[tuple[int, str]]:
    """Line and reason of each row of a CSV file of rejected rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(int(row["rejected_line"]), row["rejected_reason"]) for row in csv.DictReader(file)]


def columns_of(rows: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """What was rejected, without the words: line, and the column that the reason begins with."""
    return [(line, reason.partition(":")[0]) for line, reason in rows]


def many(path: Path, *, rows: int = ROWS) -> Path:
    """Rows without a key, so that one applied twice would be there twice; every ninth of them is wrong."""
    names = (f"Lamp {number}" if number % 9 else "" for number in range(rows))
    return write_csv(path, *(f",{name},,1.00,{number % 3}," for number, name in enumerate(names)))


def assert_each_row_was_taken_once(file: Path, *, rows: int = ROWS) -> None:
    bad = [number for number in range(rows) if number % 9 == 0]
    good = [number for number in range(rows) if number % 9]
    assert sorted(Product.objects.values_list("name", flat=True)) == sorted(f"Lamp {number}" for number in good)
    assert all(is_conserved(product) for product in Product.objects.all())
    assert StockAdjustment.objects.aggregate(units=Sum("delta"))["units"] == sum(number % 3 for number in good)
    refused = rejected(file.with_name(f"{file.stem}.rejected.csv"))
    assert [line for line, _ in refused] == [number + 2 for number in bad]


def environment_of_commands(database: str) -> dict[str, str]:
    """What another process needs to run a command of this service."""
    environment = {**os.environ, "DATABASE_URL": database}
    del environment["DJANGO_SETTINGS_MODULE"]  # which the tests choose, and commands otherwise
    return environment


def database_of_the_test() -> str:
    """Where another process finds the database of a test on PostgreSQL."""
    return os.environ["DATABASE_URL"].replace("///postgres?", f"///{connection.settings_dict['NAME']}?")
