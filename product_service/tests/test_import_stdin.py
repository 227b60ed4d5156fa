"""An import from standard input: repeated instead of resumed, so every row names its product."""

import subprocess
import sys
from pathlib import Path

import pytest

from products.models import Product
from tests.imports import HEADER, database_of_the_test, environment_of_commands

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite in memory is there for one process"),
]


def pipe(command: str, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the database of the test."""
    return subprocess.run(
        [sys.executable, "manage.py", command, "-", "--format=csv", *options],
        input=text,
        env=environment_of_commands(database_of_the_test()),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_rows_come_from_standard_input_and_rejected_ones_go_to_standard_output() -> None:
    done = pipe("import_products", f"{HEADER}\nA-1,Lamp,,1.00,5,\n,Chair,,1.00,5,\nA-2,,,1.00,5,\n")

    assert done.returncode == 1
    assert list(Product.objects.values_list("external_reference", flat=True)) == ["A-1"]
    head, keyless, nameless = done.stdout.splitlines()
    assert head == f"rejected_line,rejected_reason,{HEADER}"
    assert keyless.startswith('3,"id and external_reference: ')
    assert nameless.startswith("4,name: ")
    assert "created: 1, updated: 0, unchanged: 0, rejected: 2" in done.stderr


def test_it_can_be_repeated(tmp_path: Path) -> None:
    text = f"{HEADER}\nA-1,Lamp,,1.00,5,\n"
    pipe("import_products", text)

    done = pipe("import_products", text, "--rejected", str(tmp_path / "bad.csv"))

    assert done.returncode == 0
    assert "created: 0, updated: 0, unchanged: 1, rejected: 0" in done.stderr


def test_an_export_goes_to_standard_output() -> None:
    pipe("import_products", f"{HEADER}\nA-1,Lämp,,1.00,5,\n")

    done = pipe("export_products", "")

    [row] = done.stdout.splitlines()[1:]
    assert row.endswith(",A-1,Lämp,,1.00")
