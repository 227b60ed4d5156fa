"""Errors of PostgreSQL that Django does not report as what they are: the database is unavailable."""

from types import TracebackType

from django.db import OperationalError, utils
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import ReadOnlySqlTransaction


class DatabaseErrorWrapper(utils.DatabaseErrorWrapper):
    """
    Django's own, but a server that refuses to write is a database that is unavailable.

    Its connection is closed: after a failover it would lead to the server that only reads for as long as it is kept.
    """

    wrapper: BaseDatabaseWrapper

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            return
        if isinstance(error, ReadOnlySqlTransaction):
            self.wrapper.close()  # also in a transaction, which nothing could commit
            raise OperationalError(*error.args).with_traceback(trace) from error
        super().__exit__(kind, error, trace)
