"""Whether the server enforces the timeouts that the time budgets rely on: a pooler may keep them from it."""

from collections.abc import Mapping
from typing import Any

import structlog
from psycopg import Connection

log = structlog.get_logger(__name__)

ENFORCED = "SELECT name, CAST(setting AS bigint) FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')"


def check_timeouts(connection: Connection[Any], wanted: Mapping[str, int]) -> None:
    """Log an error if a wanted timeout (ms, by PostgreSQL's name; 0 is no limit) is missing or longer."""
    enforced: dict[str, int] = dict(connection.execute(ENFORCED).fetchall())
    missing = {name: limit for name, limit in wanted.items() if limit and not 0 < enforced[name] <= limit}
    if missing:
        log.error(
            "the database does not enforce our timeouts",
            enforced_ms={name: enforced[name] for name in missing},
            wanted_ms=missing,
            remedy="; ".join(
                f"ALTER ROLE {connection.info.user} SET {name} = {limit}" for name, limit in missing.items()
            ),
        )
