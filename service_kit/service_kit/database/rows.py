"""One row by its primary key: what is read most, by a statement that never changes."""

from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def read_row(model: type[Row], key: int) -> Row | None:
    """
    Read a row as `model.objects.get(pk=key)` does; None if there is none.

    Django would compose the statement each time, and PostgreSQL plan it: four fifths of the time of a read. Django does
    on SQLite, whose values it must convert, and in a transaction, where a prepared statement fails once when the type
    of a column has changed.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return next(iter(model._base_manager.filter(pk=key)), None)  # noqa: SLF001 - Django's documented model API
    names, statement = _select(model)
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined] # our own backend's
        cursor.execute(statement, [key])
        values = cursor.fetchone()
    return values and model.from_db(connection.alias, names, values)


@cache
def _select(model: type[Model]) -> tuple[list[str], str]:
    """Return the names of a model's fields, and the statement that reads them."""
    meta, quoted = model._meta, connection.ops.quote_name  # noqa: SLF001 - Django's documented model API
    fields = meta.concrete_fields
    if converted := [field.name for field in fields if field.get_db_converters(connection)]:
        raise TypeError(f"PostgreSQL's driver does not read these as they are: {', '.join(converted)}.")
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"SELECT {columns} FROM {quoted(meta.db_table)} WHERE {quoted(str(meta.pk.column))} = %s"  # noqa: S608 - its own names
    return [field.attname for field in fields], statement
