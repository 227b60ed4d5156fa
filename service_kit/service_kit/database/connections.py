"""The database connection: PostgreSQL or SQLite, with timeouts that fit the time budgets of callers."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

QUERY_CANCELED = "57014"  # SQLSTATE

VANISHED_AFTER = {
    "connect_timeout": 2,  # seconds, for each host
    # A server that vanished sends nothing, and Linux would wait for it for a quarter of an hour. Statements that wait
    # fail after 3 s without an acknowledgment; an idle connection is closed as soon, and replaced before its next use.
    "tcp_user_timeout": 3000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
WRITABLE = {"target_session_attrs": "read-write"}
"""After a failover, no connection is made to the server that only reads."""


def connection_settings(
    address: dict[str, Any], *, lock_timeout_ms: int, statement_timeout_ms: int, pooler: bool = False
) -> dict[str, Any]:
    """
    Return Django's settings for a parsed database address, with the options of every connection.

    What the address itself says comes before every default.

    :param address: DATABASE_URL, as `parse_address` returns it.
    :param lock_timeout_ms: the longest wait for another transaction's lock, in milliseconds.
    :param statement_timeout_ms: the longest run of one statement (PostgreSQL only), in milliseconds; 0 is no limit.
    :param pooler: whether each transaction may get another connection of a pooler: then nothing may depend on a
        session, and the timeouts are the role's or the pooler's to set (ADR 0043).
    :raises ImproperlyConfigured: if the address has options that a pooler would refuse or ignore.
    """
    settings: dict[str, Any] = {**address, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    given = address.get("OPTIONS", {})
    if address["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            # A transaction takes the write lock when it begins. Otherwise its first write, after reads, could fail.
            "transaction_mode": "IMMEDIATE",
            "timeout": lock_timeout_ms / 1000,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            **given,
        }
        return settings
    timeouts = {"lock_timeout": lock_timeout_ms, "statement_timeout": statement_timeout_ms}
    settings |= {"OPTIONS": {**VANISHED_AFTER, **WRITABLE, **given}, "TIMEOUTS_MS": timeouts}
    if pooler:
        if "options" in given:
            raise ImproperlyConfigured("DATABASE_URL: with DATABASE_POOLER, options are set at the role.")
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
        return settings
    settings["OPTIONS"]["options"] = (
        f"-c lock_timeout={lock_timeout_ms} -c statement_timeout={statement_timeout_ms}"
        " -c plan_cache_mode=force_generic_plan"  # for the prepared statements (ADR 0035)
        f" {given.get('options', '')}"
    ).rstrip()
    return settings


def is_statement_timeout(error: Exception) -> bool:
    """Whether PostgreSQL ended a statement that ran too long. One that an operator cancels looks the same."""
    return getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED
