"""The database connection: PostgreSQL or SQLite, with timeouts that fit the time budgets of callers."""

from typing import Any

QUERY_CANCELED = "57014"  # SQLSTATE


def connection_settings(url: dict[str, Any], *, lock_timeout_ms: int, statement_timeout_ms: int) -> dict[str, Any]:
    """
    Return Django's settings for a parsed database address, with the options of every connection.

    :param url: DATABASE_URL, as environs parses it.
    :param lock_timeout_ms: the longest wait for another transaction's lock, in milliseconds.
    :param statement_timeout_ms: the longest run of one statement (PostgreSQL only), in milliseconds; 0 is no limit.
    """
    settings: dict[str, Any] = {**url, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if url["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            # A transaction takes the write lock when it begins. Otherwise its first write, after reads, could fail.
            "transaction_mode": "IMMEDIATE",
            "timeout": lock_timeout_ms / 1000,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        settings["ENGINE"] = "service_kit.database.postgresql"
        settings["OPTIONS"] = {
            **url.get("OPTIONS", {}),
            "connect_timeout": 2,
            "options": (
                f"-c lock_timeout={lock_timeout_ms} -c statement_timeout={statement_timeout_ms}"
                " -c plan_cache_mode=force_generic_plan"  # for the prepared statements (ADR 0035)
            ),
        }
    return settings


def is_statement_timeout(error: Exception) -> bool:
    """Whether PostgreSQL ended a statement that ran too long. One that an operator cancels looks the same."""
    return getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED
