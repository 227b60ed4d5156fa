"""The memory of an import and of an export does not grow with the file."""

import gc
import tracemalloc
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from exchange import exporting
from exchange.progress import Progress
from tests.imports import import_file, write_csv

pytestmark = pytest.mark.django_db

BATCH, FEW, MANY = 50, 150, 900  # rows


def most_memory(work: Callable[[], object]) -> int:
    """Bytes that were allocated at most, on top of those that were before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def catalogue(path: Path, *, rows: int) -> Path:
    """Of every ten rows, one is wrong."""
    names = ("Lamp" if number % 10 else "" for number in range(rows))
    return write_csv(path, *(f"{path.stem}-{number},{name},{'x' * 100},1.00,1," for number, name in enumerate(names)))


def test_six_times_the_rows_take_as_much_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DEBUG = True  # where Django would keep the statements too
    monkeypatch.setattr(exporting, "PAGE", BATCH)
    # Garbage goes after each batch instead of now and then, so that what is kept shows.
    monkeypatch.setattr(Progress, "show", lambda *_, **__: gc.collect())
    file = tmp_path / "all.csv"

    def work(rows: int) -> tuple[int, int]:
        source = catalogue(tmp_path / f"{rows}.csv", rows=rows)
        imported = most_memory(lambda: import_file(source, "--batch-size", str(BATCH)))
        return imported, most_memory(lambda: call_command("export_products", str(file), stderr=StringIO()))

    work(BATCH)  # what is loaded once is loaded now
    few, many = work(FEW), work(MANY)

    assert many[0] < 1.3 * few[0]
    assert many[1] < 1.3 * few[1]
    assert len(file.read_text().splitlines()) == 1 + (BATCH + FEW + MANY) * 9 // 10
