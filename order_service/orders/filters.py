"""The filters of the list of orders."""

import django_filters

from orders.models import Order
from orders.states import Status
from service_kit.rest.filters import IdFilter, InstantFilter, OneOfFilter


class OrderFilters(django_filters.FilterSet):
    status = OneOfFilter(choices=Status.choices, help_text="Orders in this state.")
    product_id = IdFilter(description="Orders for this product.")
    created_after = InstantFilter(field_name="created_at", lookup_expr="gt", description="Orders placed later.")
    created_before = InstantFilter(field_name="created_at", lookup_expr="lt", description="Orders placed earlier.")
    updated_after = InstantFilter(field_name="updated_at", lookup_expr="gt", description="Orders changed later.")
    updated_before = InstantFilter(field_name="updated_at", lookup_expr="lt", description="Orders changed earlier.")

    class Meta:
        model = Order
        fields: list[str] = []
