"""The cursor of prepared statements."""

from typing import Any, Self

from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import Cursor, OperationalError
from psycopg.errors import FeatureNotSupported
from psycopg.pq import TransactionStatus


class PreparedCursor(ServerBindingCursor, Cursor[Any]):  # the latter for its types
    """Prepares its statements, once for each connection."""

    def execute(self, *arguments: Any, **options: Any) -> Self:
        """
        Execute a statement, and prepare it anew if it was prepared before a column of its result changed its type.

        PostgreSQL refuses such a statement for as long as the connection lives ("cached plan must not change result
        type"). Outside a transaction a statement that was refused has changed nothing, so that it may be repeated.

        :raises OperationalError: in a transaction, which has failed; the connection is closed.
        """
        try:
            return super().execute(*arguments, **options)
        except FeatureNotSupported as error:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                self.connection.close()
                raise OperationalError(*error.args) from error
        self.connection.execute("DEALLOCATE ALL")  # psycopg notices, and forgets the names
        return super().execute(*arguments, **options)
