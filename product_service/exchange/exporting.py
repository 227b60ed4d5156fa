"""The catalogue written to a file, page by page."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from django.db import reset_queries
from rest_framework.fields import Field

from catalogue.serializers import ProductSerializer
from exchange.columns import COLUMNS
from exchange.errors import FileRefused
from exchange.formats import csv_line
from products.models import Product

PAGE = 2000  # rows
# Without stock and activity: they change while the file is edited, and the import would set them back.
USUAL = tuple(name for name in COLUMNS if name not in {"stock_quantity", "is_active"})
Write = Callable[[Sequence[Any]], None]


def check_columns(columns: Sequence[str]) -> None:
    """
    Accept the requested columns.

    :raises FileRefused: if one is unknown or there twice.
    """
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown or len(set(columns)) < len(columns):
        raise FileRefused(f"--columns takes some of {','.join(COLUMNS)}, each once.")


def pages(columns: Sequence[str], *, include_inactive: bool) -> Iterator[list[list[Any]]]:
    """
    Read products in order of id, page by page, in the API's representation.

    Each page is a short query of its own: no transaction is kept open while a slow reader takes the file. A product is
    there once, as it was when its page was read.
    """
    products = Product.objects.all() if include_inactive else Product.objects.active()
    form = ProductSerializer()
    shown = [(name, form.fields[name]) for name in columns]
    after = 0
    while page := list(products.filter(pk__gt=after).order_by("pk")[:PAGE]):
        after = page[-1].pk
        yield [[_shown(field, getattr(product, name)) for name, field in shown] for product in page]
        reset_queries()  # which debug mode would keep


def writer(kind: str, stream: TextIO, columns: Sequence[str]) -> Write:
    """Return a function that writes rows as `csv`, whose header it writes at once, or as `ndjson`."""
    if kind == "csv":
        stream.write(csv_line(columns))
        return lambda row: _write_line(stream, row)
    return lambda row: _write_object(stream, dict(zip(columns, row, strict=True)))


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """Replace a file atomically: if anything fails, the earlier one stays."""
    with tempfile.NamedTemporaryFile(mode="wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
            yield text
            text.flush()
            os.fsync(file.fileno())
            part.chmod(0o666 & ~_umask())
            part.replace(path)
        except BaseException:
            part.unlink()
            raise


def _shown(field: Field[Any, Any, Any, Any], value: Any) -> Any:
    return None if value is None else field.to_representation(value)


def _write_line(stream: TextIO, row: Sequence[Any]) -> None:
    stream.write(csv_line([_cell(value) for value in row]))


def _write_object(stream: TextIO, values: dict[str, Any]) -> None:
    stream.write(json.dumps(values, ensure_ascii=False) + "\n")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
