"""The catalogue written to a file, page by page."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from django.db import reset_queries
from django.db.models import QuerySet
from rest_framework.fields import Field

from catalogue.serializers import ProductSerializer
from exchange.columns import COLUMNS
from exchange.errors import ExchangeError, refuse_special
from exchange.formats import Format
from products.models import Product

PAGE = 2000  # rows
# Without stock and activity: they change while the file is edited, and the import would set them back.
USUAL = tuple(name for name in COLUMNS if name not in {"stock_quantity", "is_active"})


def check_columns(columns: Sequence[str]) -> None:
    """Raise ExchangeError if a requested column is unknown or there twice."""
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown or len(set(columns)) < len(columns):
        raise ExchangeError(f"--columns takes some of {','.join(COLUMNS)}, each once.")


def write(products: QuerySet[Product], stream: TextIO, *, form: Format, columns: Sequence[str]) -> Iterator[int]:
    """
    Write products in order of id, in the API's representation. Yield their number so far after each page.

    Each page is a short query of its own: no transaction is kept open while a slow reader takes the file. A product is
    there once, as it was when its page was read.
    """
    fields = ProductSerializer().fields

    def line(product: Product) -> str:
        return form.row(columns, [_shown(fields[name], getattr(product, name)) for name in columns])

    rows = after = 0
    stream.write(form.head(columns))
    while page := list(products.filter(pk__gt=after).order_by("pk")[:PAGE]):
        stream.writelines(map(line, page))
        after = page[-1].pk
        rows += len(page)
        yield rows
        reset_queries()  # which debug mode would keep


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """Replace a file atomically: if anything fails, the earlier one stays. Raise ExchangeError for what is no file."""
    refuse_special(path)
    part = path.with_name(f".{path.name}.{uuid4()}")
    try:
        with part.open("x", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _shown(field: Field[Any, Any, Any, Any], value: Any) -> Any:
    return None if value is None else field.to_representation(value)
