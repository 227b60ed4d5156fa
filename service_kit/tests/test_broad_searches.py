"""A search that the database ends, because it reads too much, is the caller's matter. Any other read is an outage."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from service_kit.testing.log_lines import LogLines
from service_kit.testing.problems import assert_problem
from tests.world import ADMIN, THINGS

pytestmark = [
    pytest.mark.django_db(transaction=True),  # what fails in PostgreSQL ends its transaction
    pytest.mark.postgresql("SQLite has no statement time-out"),
    pytest.mark.usefixtures("an_endless_table"),
]


@pytest.fixture
def an_endless_table() -> Iterator[None]:
    """Have each statement that reads things run into the time-out, and no other one."""

    def read_slowly(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if 'FROM "things_thing"' in sql:
            return execute("SELECT pg_sleep(60)", (), *rest)
        return execute(sql, params, *rest)

    with connection.cursor() as cursor, connection.execute_wrapper(read_slowly):
        cursor.execute("SET statement_timeout = '500ms'")
        yield
        cursor.execute("RESET statement_timeout")


@pytest.mark.parametrize("search", ["min_price=1", "maker_id=7&ordering=-price", "is_active=false&page_size=1"])
def test_a_search_of_a_list_that_takes_too_long_is_refused_and_is_no_outage(
    nobody: APIClient, logged: LogLines, search: str
) -> None:
    response = nobody.get(f"{THINGS}?{search}")

    assert_problem(response, status=422, slug="search-too-broad")
    assert "Retry-After" not in response
    assert [line for line in logged if line["level"] != "info"] == []


def test_head_is_answered_as_get_is(nobody: APIClient) -> None:
    assert nobody.head(f"{THINGS}?min_price=1").status_code == 422


@pytest.mark.parametrize("address", [THINGS, f"{THINGS}?ordering=price&page_size=1", f"{THINGS}1/"])
def test_what_is_no_search_and_takes_too_long_is_an_outage(nobody: APIClient, logged: LogLines, address: str) -> None:
    response = nobody.get(address)

    assert_problem(response, status=503, slug="database-unavailable")
    assert [line["event"] for line in logged if line["level"] == "warning"] == ["database unavailable"]


@pytest.mark.parametrize("search", ["q=zq", "price__gte=1"])
def test_a_search_in_the_admin_leads_back_to_the_list_and_says_why(anna: Client, logged: LogLines, search: str) -> None:
    answer = anna.get(f"{ADMIN}things/thing/?{search}")

    assert (answer.status_code, answer["Location"]) == (302, f"{ADMIN}things/thing/?e=1")
    assert ["takes too long" in str(message) for message in get_messages(answer.wsgi_request)] == [True]
    assert [line for line in logged if line["level"] == "error"] == []


def test_a_list_in_the_admin_that_nobody_searches_is_an_outage(anna: Client) -> None:
    anna.raise_request_exception = False

    assert anna.get(f"{ADMIN}things/thing/").status_code == 500
