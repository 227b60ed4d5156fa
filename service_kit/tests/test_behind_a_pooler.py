"""PgBouncer in transaction mode: each transaction may get another connection to the server."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from service_kit.database.addresses import parse_address
from service_kit.database.connections import connection_settings
from service_kit.database.postgresql.base import DatabaseWrapper
from service_kit.testing.log_lines import LogLines
from service_kit.testing.pgbouncer import PORT, pgbouncer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite has no pooler")]
BUDGETS = "SET lock_timeout = 500; SET statement_timeout = 700"
ENFORCED = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"


@pytest.fixture(autouse=True)
def _a_process_that_has_just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DatabaseWrapper, "timeouts_checked", False)


def server() -> dict[str, str]:
    settings = connection.settings_dict
    return {"host": settings["HOST"], "database": settings["NAME"]}


@pytest.fixture
def pooled(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Connect as a service with DATABASE_POOLER=transaction does; a parameter of the test is PgBouncer's settings."""
    with pgbouncer(**server(), **getattr(request, "param", {})) as folder:
        made = connect_to(folder, pooler=True)
        yield made
        made.close()


def connect_to(folder: object, *, pooler: bool) -> Any:
    made: Any = connection.copy()
    address = parse_address(f"postgresql://postgres@/{server()['database']}?host={folder}&port={PORT}")
    made.settings_dict.update(
        connection_settings(address, lock_timeout_ms=500, statement_timeout_ms=700, pooler=pooler)
    )
    return made


def ask(made: Any, statement: str) -> Any:
    with made.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def errors(logged: LogLines) -> list[Any]:
    return [line for line in logged if line["level"] == "error"]


@pytest.mark.parametrize("pooled", [{"connect_query": BUDGETS}], indirect=True)
def test_timeouts_that_the_pooler_sets_hold(pooled: Any, logged: LogLines) -> None:
    assert ask(pooled, ENFORCED) == ("500ms", "700ms")
    with pytest.raises(OperationalError, match="statement timeout"):
        ask(pooled, "SELECT pg_sleep(2)")
    assert errors(logged) == []


def test_timeouts_that_nobody_sets_are_reported_at_the_start_once(pooled: Any, logged: LogLines) -> None:
    ask(pooled, "SELECT 1")
    pooled.close()
    ask(pooled, "SELECT 1")

    [line] = errors(logged)
    assert line["event"] == "the database does not enforce our timeouts"
    assert line["enforced_ms"] == {"lock_timeout": 0, "statement_timeout": 0}
    assert "ALTER ROLE postgres SET lock_timeout = 500" in line["remedy"]


def test_a_pooler_that_nobody_told_us_of_is_reported_too(logged: LogLines) -> None:
    with pgbouncer(**server(), ignore_startup_parameters="options") as folder:
        made = connect_to(folder, pooler=False)
        ask(made, "SELECT 1")
        made.close()

    assert [line["event"] for line in errors(logged)] == ["the database does not enforce our timeouts"]


@pytest.mark.parametrize(
    "pooled", [{"connect_query": "SET lock_timeout = 100; SET statement_timeout = 100"}], indirect=True
)
def test_shorter_timeouts_than_ours_are_not_reported(pooled: Any, logged: LogLines) -> None:
    ask(pooled, "SELECT 1")

    assert errors(logged) == []


def test_nothing_is_prepared(pooled: Any) -> None:
    for _ in range(3):
        with pooled.prepared_cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE %s", ["%pg3%"])
            assert cursor.fetchone() == (0,)


def test_times_are_read_in_our_time_zone_whatever_connection_a_transaction_gets(pooled: Any) -> None:
    others = [pooled.copy() for _ in range(3)]
    for other in others:
        ask(other, "SELECT set_config('TimeZone', 'Asia/Tokyo', false)")

    zones = {ask(pooled, "SHOW TimeZone") for _ in range(5)}

    assert zones == {("UTC",)}
    for other in others:
        other.close()


def test_a_server_that_only_reads_is_refused_through_the_pooler(pooled: Any) -> None:
    name = server()["database"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        try:
            with pytest.raises(OperationalError, match="read-only"):
                pooled.ensure_connection()
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
