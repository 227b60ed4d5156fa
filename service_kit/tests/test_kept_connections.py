"""A connection that is kept between requests: looked at for nothing, and replaced when the server has ended it."""

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from service_kit.testing.lost_connections import end_this_connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite has no server that could end a connection"),
]


def backend() -> int:
    """Ask the server which of its processes answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_the_next_request_uses_the_connection_without_asking_whether_it_may() -> None:
    first = backend()
    close_old_connections()  # the next request begins

    with CaptureQueriesContext(connection) as queries:
        second = backend()

    assert second == first
    assert len(queries) == 1


def test_a_connection_that_the_server_has_ended_is_replaced() -> None:
    first = backend()
    end_this_connection()

    second = backend()

    assert second != first
