"""The database backend for PostgreSQL."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from django.utils.functional import cached_property

from service_kit.database.postgresql.cursors import PreparedCursor
from service_kit.database.postgresql.errors import DatabaseErrorWrapper
from service_kit.database.postgresql.timeouts import check_timeouts

FIRST_PLANS = 0.5
LAST_PLANS = 60.0
"""Seconds for which a connection keeps its plans: at first, and at most; doubled each time (ADR 0035)."""


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Return the last statement, for tests that capture queries; a prepared one without its parameters."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with prepared statements and a cheaper check of persistent connections."""

    ops_class = DatabaseOperations
    timeouts_checked: ClassVar = False  # once in each process
    _plan_again_at = 0.0
    _keep_plans = FIRST_PLANS

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return DatabaseErrorWrapper(self)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._keep_plans = FIRST_PLANS
        self._plan_again_at = time.monotonic() + FIRST_PLANS
        if not DatabaseWrapper.timeouts_checked:
            check_timeouts(self.connection, self.settings_dict.get("TIMEOUTS_MS", {}))
            DatabaseWrapper.timeouts_checked = True

    def is_writable(self) -> bool:
        """Return whether the server takes writes. Close the connection if it does not: another may lead elsewhere."""
        with self.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            [answer] = cursor.fetchone()
        if answer == "on":
            self.close()
        return bool(answer == "off")

    def is_usable(self) -> bool:
        """
        Return whether the connection can be used.

        An idle connection becomes readable only when the server closed it, so polling the socket replaces `SELECT 1`.
        """
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN)
        return not idle.poll(0) or super().is_usable()

    @contextmanager
    def prepared_cursor(self) -> Iterator[CursorWrapper]:
        """
        Return a cursor whose statements are parsed and planned once per connection; for a few frequent statements.

        Nothing is prepared where a pooler gives each transaction another connection, or where a tracer has cursors of
        its own, which must see every statement.

        The server binds its parameters. A number that is too large for its type may be stored as another number, where
        Django's own cursors raise DataError: pass validated values, or text with a CAST.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        connection = self.connection
        if self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS") or connection.cursor_factory is not base.Cursor:
            with self.cursor() as cursor:
                yield cursor
            return
        self._forget_old_plans()
        connection.cursor_factory, connection.prepare_threshold = PreparedCursor, 0
        try:
            with self.cursor() as cursor:
                yield cursor
        finally:
            connection.cursor_factory, connection.prepare_threshold = base.Cursor, None

    def _forget_old_plans(self) -> None:
        """Discard old plans: they may have been made when tables were much smaller."""
        now = time.monotonic()
        if now >= self._plan_again_at:
            with self.wrap_database_errors:
                self.connection.execute("DISCARD PLANS")
            self._keep_plans = min(2 * self._keep_plans, LAST_PLANS)
            self._plan_again_at = now + self._keep_plans
