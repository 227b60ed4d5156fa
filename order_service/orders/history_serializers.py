"""What the API shows of what happened to orders."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from orders.events import CauseKind
from orders.feed import Entry, Position
from orders.states import LARGEST_QUANTITY, EventKind, Status
from service_kit.rest.serializers import IdField, OutputSerializer

BATCH = "application/cloudevents-batch+json"
HAPPENED = OpenApiExample(
    "Placed",
    {
        "kind": "placed",
        "status": "pending",
        "quantity": 2,
        "at": "2026-01-31T12:00:00.000000Z",
        "by": "user",
        "name": "alice",
        "request_id": "4c1f0b6d2e7a4f0c9d3b5a6e7f809142",
    },
)
CLOUD_EVENT = OpenApiExample(
    "An order was placed",
    {
        "specversion": "1.0",
        "id": "2c5e8f10a7b34d96-5021-17",
        "source": "/api/v1/orders/",
        "type": "order.placed",
        "subject": "1",
        "time": "2026-01-31T12:00:00.000000Z",
        "datacontenttype": "application/json",
        "data": {
            "order_id": 1,
            "owner": "alice",
            "product_id": 1,
            "product_name": "Desk lamp",
            "unit_price": "39.90",
            "quantity": 2,
            "status": "pending",
            "revision": 1,
            "request_id": "4c1f0b6d2e7a4f0c9d3b5a6e7f809142",
        },
    },
    media_type=BATCH,
)


@extend_schema_serializer(examples=[HAPPENED])
class EventSerializer(OutputSerializer):
    """One thing that happened to an order, and what the order was after it."""

    kind = serializers.ChoiceField(choices=EventKind.choices, help_text="What happened.")
    status = serializers.ChoiceField(choices=Status.choices, help_text="The status after it.")
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="The quantity after it.")
    at = serializers.DateTimeField(help_text="When it was committed, by the clock of the database.")
    by = serializers.ChoiceField(
        choices=[(kind.value, kind.value) for kind in CauseKind],
        source="cause",
        help_text="Who did it: the bearer of a token, a clerk, or the system.",
    )
    name = serializers.CharField(
        source="cause_name", help_text="The subject of the token, or the clerk's name. Owners read only their own."
    )
    request_id = serializers.CharField(help_text="The request that did it, as the logs name it.")


class CloudEventDataSerializer(OutputSerializer):
    """The order as it was after the event."""

    order_id = IdField(help_text="Which order.")
    owner = serializers.CharField(help_text="Whose it is: the subject of their tokens.")
    product_id = IdField(help_text="Which product.")
    product_name = serializers.CharField(help_text="The product's name when its units were held.")
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="The price when it was held.")
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="The quantity after it.")
    status = serializers.ChoiceField(choices=Status.choices, help_text="The status after it.")
    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, help_text="Of the reservation.")
    request_id = serializers.CharField(help_text="The request that did it, as the logs name it.")


@extend_schema_serializer(examples=[CLOUD_EVENT])
class CloudEventSerializer(OutputSerializer):
    """One event of the feed, as CloudEvents 1.0 writes it."""

    specversion = serializers.CharField(help_text="`1.0`.")
    id = serializers.CharField(help_text="The position after this event: the next request's `after`.")
    source = serializers.CharField(help_text="The collection of orders.")  # type: ignore[assignment] # DRF takes it off
    type = serializers.CharField(help_text="`order.` and the kind of the event.")
    subject = serializers.CharField(help_text="The order's number.")
    time = serializers.DateTimeField(help_text="When it was committed, by the clock of the database.")
    datacontenttype = serializers.CharField(help_text="`application/json`.")
    data = CloudEventDataSerializer(help_text="The order after the event.")  # type: ignore[assignment] # as DRF names it


def cloud_event(generation: int, entry: Entry) -> dict[str, Any]:
    """Return an event as JSON's own types. A feed of a million is read by this: no serializer is used."""
    return {
        "specversion": "1.0",
        "id": str(Position(generation, entry.transaction, entry.id)),
        "source": "/api/v1/orders/",
        "type": f"order.{entry.kind}",
        "subject": str(entry.order_id),
        "time": entry.at,
        "datacontenttype": "application/json",
        "data": {
            "order_id": entry.order_id,
            "owner": entry.order__owner,
            "product_id": entry.order__product_id,
            "product_name": entry.order__product_name,
            "unit_price": str(entry.order__unit_price),
            "quantity": entry.quantity,
            "status": entry.status,
            "revision": entry.revision,
            "request_id": entry.request_id,
        },
    }
