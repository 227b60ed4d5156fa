"""The input and output of the API, field by field."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from orders.states import LARGEST_QUANTITY, Status
from service_kit.rest.fields import StrictChoiceField, StrictIdField, StrictIntegerField
from service_kit.rest.serializers import IdField, OutputSerializer, StrictSerializer

# Examples in the published contract.
PLACE = OpenApiExample("Two desk lamps", {"product_id": 1, "quantity": 2})
CHANGE = OpenApiExample("Three instead", {"quantity": 3})
CANCEL = OpenApiExample("Cancel it", {"status": "canceled"})
PLACED = OpenApiExample(
    "Two desk lamps",
    {
        "id": 1,
        "product_id": 1,
        "product_name": "Desk lamp",
        "unit_price": "39.90",
        "quantity": 2,
        "total_price": "79.80",
        "status": "pending",
        "created_at": "2026-01-31T12:00:00.000000Z",
        "updated_at": "2026-01-31T12:00:00.000000Z",
    },
)


@extend_schema_serializer(examples=[PLACE])
class PlaceOrderSerializer(StrictSerializer):
    """What is ordered. The price is that of the moment at which the units are held."""

    product_id = StrictIdField(help_text="Which product.")
    quantity = StrictIntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="How many units of it.")


@extend_schema_serializer(examples=[CHANGE, CANCEL])
class ChangeOrderSerializer(StrictSerializer):
    """What is to become of an order; at least one of the two."""

    fewest_fields: ClassVar[int] = 1

    quantity = StrictIntegerField(
        min_value=1, max_value=LARGEST_QUANTITY, required=False, help_text="How many units, while the order is pending."
    )
    status = StrictChoiceField(
        choices=Status.choices, required=False, help_text="Owners may cancel; other moves need `orders:manage`."
    )


@extend_schema_serializer(examples=[PLACED])
class OrderSerializer(OutputSerializer):
    """An order as it is now. What the product was called and cost when it was ordered stays, whatever changes later."""

    id = IdField(help_text="The order's number.")
    product_id = IdField(help_text="Which product.")
    product_name = serializers.CharField(help_text="The product's name when its units were held.")
    unit_price = serializers.DecimalField(
        max_digits=10, decimal_places=2, help_text="The price of one unit when it was held."
    )
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="How many units of it.")
    total_price = serializers.DecimalField(max_digits=20, decimal_places=2, help_text="The price of all units.")
    status = serializers.ChoiceField(
        choices=Status.choices, help_text="From `pending` to `shipped` to `delivered`, or from `pending` to `canceled`."
    )
    created_at = serializers.DateTimeField(help_text="When it was placed.")
    updated_at = serializers.DateTimeField(help_text="The latest change.")
