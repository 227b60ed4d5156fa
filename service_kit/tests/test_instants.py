"""Instants: the `date-time` of the contract, which is RFC 3339."""

from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.test import APIClient

from service_kit.rest.instants import parse_instant
from tests.world import THINGS, add_thing
from things.models import Thing

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31t12:00:00z", NOON),
        ("2026-01-31T14:00:00+02:00", NOON),
        ("2026-01-31T12:00:00-00:00", NOON),
        ("2026-02-01T11:59:00+23:59", NOON),
        ("2026-01-31T12:00:00.5Z", NOON + timedelta(microseconds=500_000)),
        ("2026-01-31T12:00:00.123456Z", NOON + timedelta(microseconds=123_456)),
        ("2026-01-31T12:00:00.123456789Z", NOON + timedelta(microseconds=123_456)),
        ("2026-01-31T12:00:00." + "9" * 400 + "Z", NOON + timedelta(microseconds=999_999)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31T15:59:60.25-08:00", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_to_the_microsecond(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-01-31T12:00Z"),
        *("2026-01-31T12:00:00.Z", "2026-01-31T12:00:00,5Z", "2026-1-31T12:00:00Z", "2026-01-31T12:00:00+0200"),
        *("2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+02:60", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z"),
        *("2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z", "2026-01-31T12:00:60Z", "2016-12-31T22:59:60Z"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z", "２026-01-31T12:00:00Z"),  # noqa: RUF001 - a full-width digit is the point
        *("2026-01-31T12:00:00Z\n", "now"),
    ],
)
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.django_db
def test_a_list_is_filtered_by_an_instant_finer_than_the_database_keeps(nobody: APIClient) -> None:
    early, late = add_thing(), add_thing()
    Thing.objects.filter(pk=early.pk).update(created_at=NOON)
    Thing.objects.filter(pk=late.pk).update(created_at=NOON + timedelta(microseconds=1))

    page = nobody.get(THINGS, {"created_after": "2026-01-31T12:00:00.000000999Z"}).json()

    assert [thing["id"] for thing in page["results"]] == [late.pk]
