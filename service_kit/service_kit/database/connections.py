"""The database connection: PostgreSQL or SQLite, with the waits that the callers' budgets allow."""

from typing import Any


def connection_settings(url: dict[str, Any], *, lock_timeout_ms: int, statement_timeout_ms: int) -> dict[str, Any]:
    """
    Complete a parsed database address with this service's connection options.

    :param url: what environs made of DATABASE_URL.
    :param lock_timeout_ms: the longest wait for another transaction's lock, in milliseconds.
    :param statement_timeout_ms: the longest run of one statement (PostgreSQL only), in milliseconds; 0 is no limit.
    """
    settings: dict[str, Any] = {**url, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if url["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            # A transaction that may write takes the write lock when it begins: it cannot fail half-way for having read.
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
                " -c plan_cache_mode=force_generic_plan"  # what is prepared has one good plan (ADR 0035)
            ),
        }
    return settings
