"""How the tests' stories import files."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

HEADER = "external_reference,name,description,price,stock_quantity,is_active"


@dataclass(frozen=True)
class Imported:
    """How the command ended, and what it said."""

    code: int
    said: str


def import_file(path: Path, *options: str) -> Imported:
    said = StringIO()
    try:
        call_command("import_products", str(path), *options, stderr=said)
    except SystemExit as error:
        return Imported(int(error.code or 0), said.getvalue())
    except CommandError as error:
        return Imported(error.returncode, said.getvalue() + str(error))
    return Imported(0, said.getvalue())


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
