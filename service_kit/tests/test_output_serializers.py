"""What goes out is written faster than DRF writes it, and not differently."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers

from service_kit.rest.serializers import OutputSerializer


class EverythingSerializer(OutputSerializer):
    number = serializers.IntegerField()
    text = serializers.CharField(allow_null=True)
    word = serializers.ChoiceField(choices=["a", "b"])
    money = serializers.DecimalField(max_digits=10, decimal_places=2)
    at = serializers.DateTimeField()
    id = serializers.UUIDField()
    renamed = serializers.IntegerField(source="number")
    sure = serializers.BooleanField()


class PageSerializer(OutputSerializer):
    results = EverythingSerializer(many=True)


VALUES = st.fixed_dictionaries(
    {
        "number": st.integers(min_value=-(2**63), max_value=2**63 - 1),
        "text": st.none() | st.text(),
        "word": st.sampled_from(["a", "b"]),
        "money": st.decimals(min_value=0, max_value=99_999_999, places=2),
        "at": st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))])),
        "id": st.uuids(),
        "sure": st.booleans(),
    }
)


@given(st.lists(VALUES, max_size=3))
def test_a_dictionary_of_objects_is_written_as_drf_writes_it(values: list[dict[str, Any]]) -> None:
    page = {"results": [SimpleNamespace(**each) for each in values]}

    shown = PageSerializer.show(page)

    assert shown == serializers.Serializer.to_representation(PageSerializer(), page)
    assert all(list(each) == list(EverythingSerializer().fields) for each in shown["results"])


def test_a_field_that_names_no_attribute_is_an_error() -> None:
    with pytest.raises(AttributeError):
        EverythingSerializer.show(SimpleNamespace(number=1))


def test_an_instant_is_written_in_utc() -> None:
    at = datetime(2026, 1, 31, 14, tzinfo=timezone(timedelta(hours=2)))
    values = {"number": 1, "text": "x", "word": "a", "money": Decimal("0.5"), "id": UUID(int=1), "sure": True}

    shown = EverythingSerializer.show(SimpleNamespace(at=at, **values))

    assert (shown["at"], shown["money"]) == ("2026-01-31T12:00:00Z", "0.50")
