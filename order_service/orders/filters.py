"""The filters of the list of orders."""

import re
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from drf_spectacular.drainage import set_override

from orders.models import Order
from orders.states import LARGEST_PRODUCT_ID, Status
from service_kit.rest.filters import PlainIntegerFilter

# RFC 3339, offset included: a local time does not name an instant.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class InstantField(forms.Field):
    """An instant in RFC 3339. Django's form field would accept dates, local times and digits of other scripts too."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        malformed = ValidationError("An instant such as 2026-01-31T12:00:00Z is required.", code="invalid")
        if not INSTANT.fullmatch(value):
            raise malformed
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):  # no such day or hour, or a year out of range
            raise malformed from None


class InstantFilter(django_filters.IsoDateTimeFilter):
    field_class = InstantField


def _of_product() -> PlainIntegerFilter:
    """Filter by product, with these bounds in the published contract instead of the column's."""
    bounds = {"type": "integer", "minimum": 1, "maximum": LARGEST_PRODUCT_ID, "format": "int64"}
    parameter = PlainIntegerFilter(min_value=1, max_value=LARGEST_PRODUCT_ID)
    set_override(parameter, "field", {**bounds, "description": "Orders for this product."})
    return parameter


class OrderFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Status.choices, help_text="Orders in this state.")
    product_id = _of_product()
    created_after = InstantFilter(field_name="created_at", lookup_expr="gt", help_text="Orders placed later.")
    created_before = InstantFilter(field_name="created_at", lookup_expr="lt", help_text="Orders placed earlier.")

    class Meta:
        model = Order
        fields: list[str] = []
