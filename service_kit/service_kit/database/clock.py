"""
The database's clock. It decides every time that another process may compare: when a row is due, how old it is.

So no two machines' clocks need to agree. On SQLite the database's clock is this machine's, to the millisecond.
"""

from datetime import UTC, datetime
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import functions
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

Instant = datetime | Combinable
"""A time, or the expression by which the database computes it. A timedelta can be added to either."""

NOW_IN_SQL: Final = {
    "postgresql": "statement_timestamp()",
    # Text is compared as text, so it must be what Django writes: six digits, or none. %% because it is formatted.
    "sqlite": "replace(strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now'), '.000000', '')",
}
"""When the statement began, for statements that the ORM does not write, by vendor."""


class Now(functions.Now):
    """When the statement began, which on PostgreSQL is not when its transaction did."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=NOW_IN_SQL["sqlite"].replace("%", "%%"), **extra)


NOW: Final = Now()


def as_instant(text: str) -> datetime:
    """Return a time as Django does, of a column that a statement of our own returned as text: SQLite's is in UTC."""
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
