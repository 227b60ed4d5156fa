"""Stock adjustments and reservations as callers write and read them."""

import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.models import LARGEST_STOCK
from inventory.protocol import LARGEST_BATCH, LARGEST_QUANTITY, STORED_OUTCOMES, Outcome
from service_kit.rest.fields import StrictCharField, StrictIdField, StrictIntegerField
from service_kit.rest.ids import LARGEST_ID
from service_kit.rest.serializers import IdField, OutputSerializer, StrictSerializer

UUID_NOTATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class StrictUUIDField(serializers.UUIDField):
    """A JSON string in the notation of RFC 9562, where DRF would take integers, braces and bare digits."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not UUID_NOTATION.fullmatch(data):
            self.fail("invalid", value="this")
        return UUID(data)


@extend_schema_field(
    {
        "type": "integer",
        "minimum": -LARGEST_STOCK,
        "maximum": LARGEST_STOCK,
        "not": {"const": 0},
        "description": "Units that came or, below zero, went.",
    }
)
class DeltaField(StrictIntegerField):
    """Units that come or go."""


# What the published contract shows.
DAMAGED = {"delta": -3, "reason": "damaged"}
DESIRED = {"id": "0d9c2f6e-5b1f-4c1e-9a53-2f3b7f6a8c11", "product_id": 1, "quantity": 2, "revision": 1}
SETTLED = {
    "id": DESIRED["id"],
    "outcome": Outcome.HELD.value,
    "quantity": 2,
    "revision": 1,
    "unit_price": "39.90",
    "product_name": "Desk lamp",
}
ANSWERED = {**SETTLED, "current_price": None}
CREATED_AT = "2026-01-31T12:00:00.000000Z"


@extend_schema_serializer(examples=[OpenApiExample("Three are damaged", DAMAGED)])
class StockAdjustmentInputSerializer(StrictSerializer):
    """Why units came or went."""

    delta = DeltaField(min_value=-LARGEST_STOCK, max_value=LARGEST_STOCK)
    reason = StrictCharField(max_length=255, help_text="Why, in the ledger.")

    def validate_delta(self, delta: int) -> int:
        if delta == 0:
            raise serializers.ValidationError("An adjustment moves at least one unit.", code="zero")
        return delta


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Three are damaged", {"id": 7, "product_id": 1, **DAMAGED, "subject": "clerk", "created_at": CREATED_AT}
        )
    ]
)
class StockAdjustmentSerializer(OutputSerializer):
    """A line of the ledger of a product's stock."""

    id = IdField(help_text="The line's number.")
    product_id = IdField(help_text="Which product.")
    delta = serializers.IntegerField(
        min_value=-LARGEST_STOCK, max_value=LARGEST_STOCK, help_text="Units that came or, below zero, went."
    )
    reason = serializers.CharField(help_text="Why.")
    subject = serializers.CharField(help_text="Who did it.")
    created_at = serializers.DateTimeField(help_text="When.")


class DesiredSerializer(StrictSerializer):
    """How many units to hold under an id, as of a revision that the caller counts up from 1."""

    id = StrictUUIDField(help_text="The reservation's id, which the caller makes.")
    product_id = StrictIdField(help_text="Which product.")
    quantity = StrictIntegerField(min_value=0, max_value=LARGEST_QUANTITY, help_text="Units to hold from now on.")
    revision = StrictIntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="Newer than any sent before.")


@extend_schema_serializer(examples=[OpenApiExample("Two desk lamps", {"reservations": [DESIRED]})])
class DesiredBatchSerializer(StrictSerializer):
    """1 to 100 of them, each under an id of its own."""

    reservations = serializers.ListField(child=DesiredSerializer(), min_length=1, max_length=LARGEST_BATCH)

    def validate_reservations(self, reservations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({item["id"] for item in reservations}) < len(reservations):
            raise serializers.ValidationError("An id is there more than once.", code="duplicate")
        return reservations


class SettledSerializer(OutputSerializer):
    """What became of it: the outcome, and what is held now, at the revision that counts now."""

    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=Outcome.values)
    quantity = serializers.IntegerField(min_value=0, max_value=LARGEST_QUANTITY)
    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY)
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    product_name = serializers.CharField(allow_null=True)
    current_price = serializers.DecimalField(
        max_digits=10,
        decimal_places=2,
        allow_null=True,
        help_text="The product's price now, if the outcome is `price-changed`.",
    )


@extend_schema_serializer(examples=[OpenApiExample("Two desk lamps", {"reservations": [ANSWERED]})])
class SettledBatchSerializer(OutputSerializer):
    reservations = SettledSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Two desk lamps", {**DESIRED, **SETTLED, "created_at": CREATED_AT, "updated_at": CREATED_AT})
    ]
)
class ReservationSerializer(OutputSerializer):
    """A reservation as it is now. `outcome` is that of the latest revision."""

    id = serializers.UUIDField()
    product_id = IdField()
    quantity = serializers.IntegerField(min_value=0, max_value=LARGEST_QUANTITY)
    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY)
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in STORED_OUTCOMES])
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    product_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


@extend_schema_serializer(
    examples=[OpenApiExample("Desk lamp", {"product_id": 1, "adjusted": 25, "stock_quantity": 23, "reserved": 2})]
)
class BalanceSerializer(OutputSerializer):
    """A product's ledger: it is balanced if `adjusted` is the sum of `stock_quantity` and `reserved`."""

    product_id = IdField(source="pk")
    adjusted = serializers.IntegerField(
        min_value=-LARGEST_ID,
        max_value=LARGEST_ID,
        help_text="Units that came, less those that went, by stock adjustments.",
    )
    stock_quantity = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, help_text="Units that are left.")
    reserved = serializers.IntegerField(
        min_value=0, max_value=LARGEST_ID, help_text="Units that are held by reservations."
    )
