"""Products as clients write and read them."""

from decimal import Decimal

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.models import LARGEST_STOCK
from service_kit.rest.fields import StrictBooleanField, StrictCharField, StrictDecimalField, StrictIntegerField
from service_kit.rest.serializers import OutputSerializer, StrictSerializer

# Text without control characters but line breaks; a name has something to see in it. No text at all is added, as
# another choice, where a field may be blank: exactly one of the two must fit.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+$"
NAME = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"


@extend_schema_field(
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": NAME, "description": "What it is called."}
)
class NameField(StrictCharField):
    """What a product is called."""


@extend_schema_field({"type": "string", "pattern": TEXT, "description": "What there is to say about it."})
class DescriptionField(StrictCharField):
    """What there is to say about a product, line breaks and all."""


@extend_schema_field(
    {
        "anyOf": [
            {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"},
            {"type": "number", "minimum": 0, "maximum": 99999999.99, "multipleOf": 0.01},
        ],
        "examples": ["39.90"],
        "description": "What one unit costs, to the cent.",
    }
)
class PriceField(StrictDecimalField):
    """What one unit costs, to the cent."""


@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": NAME,
        "description": "What it is called elsewhere; no two products share one.",
    }
)
class ExternalReferenceField(StrictCharField):
    """What the product is called elsewhere: a supplier's number, an older shop's id. No two products share one."""


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
    {
        "id": 1,
        **LAMP,
        "created_at": "2026-01-31T12:00:00.000000Z",
        "updated_at": "2026-01-31T12:00:00.000000Z",
    },
    response_only=True,
)


@extend_schema_serializer(examples=[NEW_PRODUCT])
class ProductInputSerializer(StrictSerializer):
    """The fields that a client may write. An edit leaves out those that stay as they are."""

    name = NameField(max_length=255)
    description = DescriptionField(allow_blank=True, required=False)
    price = PriceField(max_digits=10, decimal_places=2, min_value=Decimal(0))
    stock_quantity = StrictIntegerField(
        min_value=0, max_value=LARGEST_STOCK, required=False, help_text="Recorded as a stock adjustment. Default: 0."
    )
    is_active = StrictBooleanField(required=False, help_text="Whether it is for sale. Default: true.")
    external_reference = ExternalReferenceField(max_length=255, allow_null=True, required=False)


@extend_schema_serializer(examples=[PRODUCT])
class ProductSerializer(OutputSerializer):
    """A product as it is now."""

    id = serializers.IntegerField(help_text="The product's number.")
    name = serializers.CharField(help_text="What it is called.")
    description = serializers.CharField(allow_blank=True, help_text="What there is to say about it.")
    price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="What one unit costs.")
    stock_quantity = serializers.IntegerField(min_value=0, help_text="Units that are neither sold nor reserved.")
    is_active = serializers.BooleanField(help_text="Whether it is for sale.")
    external_reference = serializers.CharField(
        allow_null=True, required=False, help_text="What it is called elsewhere; no two products share one."
    )
    created_at = serializers.DateTimeField(help_text="When it was created.")
    updated_at = serializers.DateTimeField(help_text="The latest change, of stock or of anything else.")
