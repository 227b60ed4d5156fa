"""The query parameters of the list of things."""

from django_filters import CharFilter, FilterSet
from drf_spectacular.drainage import set_override

from service_kit.rest.filters import IdFilter, InstantFilter, OneOfFilter, PlainDecimalFilter, TrueOrFalseFilter
from service_kit.rest.text import PRINTED_TEXT
from things.models import Thing


class ThingFilters(FilterSet):
    min_price = PlainDecimalFilter(field_name="price", lookup_expr="gte", help_text="The lowest price.")
    above_id = IdFilter(field_name="id", lookup_expr="gt", description="Only things with a higher number.")
    maker_id = IdFilter(description="Only things of this maker.")
    created_after = InstantFilter(field_name="created_at", lookup_expr="gt", description="Only younger things.")
    name = CharFilter()
    set_override(name, "field", {"type": "string", "pattern": PRINTED_TEXT, "description": "Only things of this name."})
    note = OneOfFilter(choices=[("new", "new"), ("old", "old")], help_text="Only things with this note.")
    is_active = TrueOrFalseFilter(field_name="is_active", help_text="Whether it is shown.")

    class Meta:
        model = Thing
        fields: list[str] = []
