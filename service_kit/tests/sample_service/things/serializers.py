"""Things as clients write and read them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from service_kit.rest.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictDecimalField,
    StrictIdField,
    StrictIntegerField,
)
from service_kit.rest.serializers import IdField, OutputSerializer, StrictSerializer

LARGEST_AMOUNT = 2**31 - 1
VALUES = {"name": "Desk lamp", "note": "", "price": "39.90", "amount": 2, "maker_id": 1, "is_active": True}
AT = "2026-01-31T12:00:00.000000Z"


@extend_schema_serializer(examples=[OpenApiExample("A lamp", VALUES, request_only=True)])
class ThingInputSerializer(StrictSerializer):
    """What a client may write of a thing."""

    name = StrictCharField(max_length=255, help_text="What it is called.")
    note = StrictCharField(allow_blank=True, required=False, help_text="What else there is to say.")
    price = StrictDecimalField(max_digits=10, decimal_places=2, min_value=0, help_text="What it costs.")
    amount = StrictIntegerField(min_value=0, max_value=LARGEST_AMOUNT, required=False, help_text="How many there are.")
    maker_id = StrictIdField(required=False, help_text="Who makes it.")
    is_active = StrictBooleanField(required=False, help_text="Whether it is shown.")


class ThingChangeSerializer(ThingInputSerializer):
    fewest_fields = 1


@extend_schema_serializer(
    examples=[OpenApiExample("A lamp", {"id": 1, **VALUES, "created_at": AT, "updated_at": AT}, response_only=True)]
)
class ThingSerializer(OutputSerializer):
    """A thing as it is."""

    id = IdField(help_text="Its number.")
    name = serializers.CharField(help_text="What it is called.")
    note = serializers.CharField(allow_blank=True, help_text="What else there is to say.")
    price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="What it costs.")
    amount = serializers.IntegerField(min_value=0, max_value=LARGEST_AMOUNT, help_text="How many there are.")
    maker_id = IdField(help_text="Who makes it.")
    is_active = serializers.BooleanField(help_text="Whether it is shown.")
    created_at = serializers.DateTimeField(help_text="Since when it exists.")
    updated_at = serializers.DateTimeField(help_text="The latest change.")
