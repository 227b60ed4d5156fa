"""Products as clients write and read them."""

from decimal import Decimal

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import LARGEST_STOCK
from service_kit.rest.fields import StrictBooleanField, StrictCharField, StrictDecimalField, StrictIntegerField
from service_kit.rest.ids import LARGEST_ID
from service_kit.rest.serializers import IdField, OutputSerializer, StrictSerializer

# What the published contract shows.
LAMP = {
    "name": "Desk lamp",
    "description": "Warm light, and an arm that stays where it is put.",
    "price": "39.90",
    "stock_quantity": 25,
    "is_active": True,
    "external_reference": "LAMP-1",
}
NEW_PRODUCT = OpenApiExample("A new product", LAMP, request_only=True)
NEW_PRICE = OpenApiExample("A new price", {"price": "34.90"}, request_only=True)
PRODUCT = OpenApiExample(
    "Desk lamp",
    {"id": 1, **LAMP, "created_at": "2026-01-31T12:00:00.000000Z", "updated_at": "2026-01-31T12:00:00.000000Z"},
    response_only=True,
)


@extend_schema_serializer(examples=[NEW_PRODUCT])
class ProductInputSerializer(StrictSerializer):
    """The fields that a client may write. An edit leaves out those that stay as they are."""

    name = StrictCharField(max_length=255, help_text="What it is called.")
    description = StrictCharField(allow_blank=True, required=False, help_text="What there is to say about it.")
    price = StrictDecimalField(
        max_digits=10, decimal_places=2, min_value=Decimal(0), help_text="What one unit costs, to the cent."
    )
    stock_quantity = StrictIntegerField(
        min_value=0, max_value=LARGEST_STOCK, required=False, help_text="Recorded as a stock adjustment. Default: 0."
    )
    is_active = StrictBooleanField(required=False, help_text="Whether it is for sale. Default: true.")
    external_reference = StrictCharField(
        max_length=255,
        allow_null=True,
        required=False,
        help_text="What it is called elsewhere; no two products share one.",
    )


@extend_schema_serializer(examples=[PRODUCT])
class ProductSerializer(OutputSerializer):
    """A product as it is now."""

    id = IdField(help_text="The product's number.")
    name = serializers.CharField(help_text="What it is called.")
    description = serializers.CharField(allow_blank=True, help_text="What there is to say about it.")
    price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="What one unit costs.")
    stock_quantity = serializers.IntegerField(
        min_value=0, max_value=LARGEST_ID, help_text="Units that are neither sold nor reserved."
    )
    is_active = serializers.BooleanField(help_text="Whether it is for sale.")
    external_reference = serializers.CharField(
        allow_null=True, help_text="What it is called elsewhere; no two products share one."
    )
    created_at = serializers.DateTimeField(help_text="When it was created.")
    updated_at = serializers.DateTimeField(help_text="The latest change, of stock or of anything else.")
