"""Things as clients write and read them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from service_kit.rest.fields import StrictBooleanField, StrictCharField, StrictDecimalField
from service_kit.rest.serializers import OutputSerializer, StrictSerializer

VALUES = {"name": "Desk lamp", "price": "39.90", "is_active": True}


@extend_schema_serializer(examples=[OpenApiExample("A lamp", VALUES)])
class ThingInputSerializer(StrictSerializer):
    """A thing that is to be."""

    name = StrictCharField(max_length=255, help_text="What it is called.")
    price = StrictDecimalField(max_digits=10, decimal_places=2, min_value=0, help_text="What it costs.")
    is_active = StrictBooleanField(default=True, help_text="Whether it is shown.")


@extend_schema_serializer(
    examples=[OpenApiExample("A lamp", {"id": 1, **VALUES, "created_at": "2026-01-31T12:00:00.000000Z"})]
)
class ThingSerializer(OutputSerializer):
    """A thing as it is."""

    id = serializers.IntegerField(help_text="Its number.")
    name = serializers.CharField(help_text="What it is called.")
    price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="What it costs.")
    is_active = serializers.BooleanField(help_text="Whether it is shown.")
    created_at = serializers.DateTimeField(help_text="Since when it exists.")
