"""The database's clock, in expressions and in statements of our own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Max

from service_kit.database.clock import NOW, NOW_IN_SQL, as_instant, read_clock

pytestmark = pytest.mark.django_db


def selected(expression: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", [])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("microseconds", [0, 1_000, 123_000, 120_000])
def test_sqlite_writes_a_time_as_django_does(microseconds: int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has a type for times")
    moment = datetime(2026, 1, 31, 23, 59, 58, microseconds, tzinfo=UTC)

    written = selected(NOW_IN_SQL["sqlite"].replace("'now'", f"'{moment:%Y-%m-%d %H:%M:%S.%f}'"))

    assert written == connection.ops.adapt_datetimefield_value(moment)
    assert as_instant(str(written)) == moment


def test_a_written_time_equals_the_time_that_is_read() -> None:
    User.objects.create(username="clerk", last_login=NOW)

    read = User.objects.get().last_login

    assert User.objects.filter(last_login=read).exists()


def test_a_time_may_be_added_to() -> None:
    User.objects.create(username="clerk", last_login=NOW)

    assert User.objects.filter(last_login__lte=NOW + timedelta(seconds=0)).exists()
    assert not User.objects.filter(last_login__lt=NOW - timedelta(minutes=1)).exists()


def test_the_time_can_be_read_with_an_aggregate_and_alone() -> None:
    User.objects.create(username="clerk", last_login=NOW)

    times = User.objects.aggregate(first=Max("last_login"), now=Max(NOW))

    assert times["first"] <= times["now"] <= read_clock() < times["first"] + timedelta(minutes=1)
