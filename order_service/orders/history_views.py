"""What happened to orders, over HTTP: the history of one for people, the feed of all for services."""

from collections.abc import Collection

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from orders import feed
from orders.events import OrderEvent
from orders.history_serializers import BATCH, CloudEventSerializer, EventSerializer, cloud_event
from orders.models import Order
from orders.views import MANAGE, READ, USE, owner_of
from service_kit.auth.authentication import caller_of
from service_kit.rest.query import whole_number
from service_kit.rest.responses import answer
from service_kit.rest.views import ListView, ResourceView

FOLLOW = "orders:follow"
LARGEST_LIMIT = 1000
LONGEST_WAIT = 5  # seconds; the gateway gives up after six
AFTER = OpenApiParameter(
    "after",
    {"type": "string", "pattern": "^[0-9a-f]{1,16}-[0-9]{1,18}-[0-9]{1,18}$"},
    description="The `id` of the last event that was read. Without it, from the first event that is kept.",
)
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": 100},
    description="How many events to answer at most.",
)
WAIT = OpenApiParameter(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
    description="For how many seconds to wait for an event, if there is none.",
)


class OrderHistoryView(ListView[OrderEvent]):
    required_scopes = {"GET": (*USE, READ)}
    serializer_class = EventSerializer
    queryset = OrderEvent.objects.all()
    default_ordering = "id"

    @extend_schema(operation_id="list_order_history", responses=EventSerializer(many=True))
    def get(self, request: Request, order_id: int) -> HttpResponse:
        """List what happened to an order, the first first. Owners read their own name in it, and nobody else's."""
        order = Order.seen_by(owner_of(request), order_id)

        page = self.paginate_queryset(self.get_queryset().filter(order=order))
        caller = caller_of(request)
        for event in page:
            if not caller.scopes & {MANAGE, READ} and event.cause_name != caller.subject:
                event.cause_name = ""
        return self.get_paginated_response(EventSerializer.show_all(page))


class OrderFeedView(ResourceView):
    required_scopes = {"GET": FOLLOW}
    problems = {"GET": ["position-gone", "feed-restored"]}

    def query_parameters(self, method: str) -> Collection[str]:
        return {"after", "limit", "wait"}

    @extend_schema(
        operation_id="follow_orders",
        parameters=[AFTER, LIMIT, WAIT],
        responses={(200, BATCH): CloudEventSerializer(many=True)},
    )
    def get(self, request: Request) -> HttpResponse:
        """
        Read the events after a position: every committed transition of an order, once.

        No event appears later before one that was read. An empty batch means that there is nothing new.
        """
        generation, entries = feed.read(
            after=_after(request),
            limit=whole_number(request, "limit", default=100, least=1, most=LARGEST_LIMIT),
            wait=whole_number(request, "wait", default=0, least=0, most=LONGEST_WAIT),
        )

        return answer([cloud_event(generation, entry) for entry in entries], content_type=BATCH)


def _after(request: Request) -> feed.Position | None:
    text = request.query_params.get("after")
    if text is None:
        return None
    try:
        return feed.parse_position(text)
    except ValueError:
        mistake = ErrorDetail("This is not a position of this feed: take the `id` of an event.", code="invalid")
        raise ValidationError({"after": [mistake]}) from None
