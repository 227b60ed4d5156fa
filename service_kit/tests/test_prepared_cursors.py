"""Prepared statements, when a column of their result changes its type, or the server ends their connection."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import NotSupportedError, OperationalError, connection, transaction

from service_kit.database.postgresql import base
from service_kit.testing.lost_connections import end_this_connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite's library prepares what it likes"),
]
INSERT = "INSERT INTO samples (value) VALUES (%s) RETURNING value"
USES = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE 'INSERT%%'"


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    execute("CREATE TABLE samples (value integer)")
    yield
    execute("DROP TABLE samples")


def execute(statement: str) -> None:
    """Execute a statement as another process does: psycopg itself prepares anew after an ALTER TABLE of its own."""
    other: Any = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(statement)
    other.close()


def prepared(statement: str, *parameters: object) -> Any:
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined] # our own backend's
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def count() -> int:
    return int(prepared("SELECT count(*) FROM samples"))


def test_a_statement_is_repeated_once_and_prepared_again_when_its_result_has_another_type() -> None:
    prepared(INSERT, 1)
    execute("ALTER TABLE samples ALTER COLUMN value TYPE bigint")

    assert prepared(INSERT, 2) == 2
    assert count() == 2
    prepared(INSERT, 3)
    assert prepared(USES) == 2


def test_in_a_transaction_which_has_failed_it_is_not_repeated_and_the_database_counts_as_unavailable() -> None:
    prepared(INSERT, 1)
    execute("ALTER TABLE samples ALTER COLUMN value TYPE bigint")

    with pytest.raises(OperationalError, match="cached plan"), transaction.atomic():
        prepared(INSERT, 2)

    assert prepared(INSERT, 3) == 3
    assert count() == 2


def test_a_connection_that_the_server_has_ended_is_replaced_before_its_plans_are() -> None:
    prepared(INSERT, 1)
    time.sleep(base.FIRST_PLANS)
    end_this_connection()

    assert prepared(INSERT, 2) == 2


def test_what_postgresql_does_not_support_is_refused_the_second_time() -> None:
    with pytest.raises(NotSupportedError, match="FOR UPDATE"):
        prepared("SELECT count(*) FROM samples FOR UPDATE")
