"""The cursor of prepared statements."""

from typing import Any, Self

from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import Cursor
from psycopg.errors import FeatureNotSupported
from psycopg.pq import TransactionStatus


class PreparedCursor(ServerBindingCursor, Cursor[Any]):  # the latter for its types
    """Prepares its statements, once for each connection."""

    def execute(self, *arguments: Any, **options: Any) -> Self:
        """
        Execute a statement, and prepare it anew if it was prepared before a column of its result changed its type.

        PostgreSQL refuses such a statement for as long as the connection lives ("cached plan must not change result
        type"). Outside a transaction a statement that was refused has changed nothing, so that it may be repeated.
        """
        try:
            return super().execute(*arguments, **options)
        except FeatureNotSupported:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
        self.connection.execute("DEALLOCATE ALL")  # psycopg notices, and forgets the names
        return super().execute(*arguments, **options)
