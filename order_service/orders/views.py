"""HTTP in, one service call, HTTP out."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from orders import services
from orders.events import by_user
from orders.filters import OrderFilters
from orders.models import Order
from orders.querysets import OrderQuerySet
from orders.serializers import ChangeOrderSerializer, OrderSerializer, PlaceOrderSerializer
from orders.states import Status
from service_kit.auth.authentication import caller_of
from service_kit.contract.parameters import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, REPLAYED_HEADER
from service_kit.rest.idempotency import REPLAYED, idempotency_key
from service_kit.rest.preconditions import answer_read, condition_of_change, state_of
from service_kit.rest.responses import answer
from service_kit.rest.views import ListView, ResourceView

MANAGE = "orders:manage"
USE = ("orders:write", MANAGE)
READ = "orders:read"  # a service's: everybody's orders, and no change

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="The new order.")


def owner_of(request: Request) -> str | None:
    """Return whose orders the caller may see and change: its own, or everybody's (None)."""
    caller = caller_of(request)
    return None if caller.scopes & {MANAGE, READ} else caller.subject


class OrderListView(ListView[Order]):
    required_scopes = {"GET": (*USE, READ), "POST": "orders:write"}
    problems = {
        "POST": [
            "insufficient-stock",
            "quantity-too-large",
            "too-many-open-orders",
            "product-not-found",
            "idempotency-key-reused",
            "idempotency-in-progress",
            "order-not-placed",
            "outcome-unknown",
            "too-many-requests",
            "overloaded",
        ]
    }
    serializer_class = OrderSerializer
    filterset_class = OrderFilters
    ordering_fields = ("created_at", "updated_at")
    default_ordering = "-created_at"

    def get_queryset(self) -> OrderQuerySet:
        return Order.objects.visible_to(owner_of(self.request))

    @extend_schema(operation_id="list_orders", responses=OrderSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List the caller's orders, the newest first unless ordered otherwise; everybody's for staff and services."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(OrderSerializer.show_all(page))

    @extend_schema(
        operation_id="place_order",
        request=PlaceOrderSerializer,
        responses={201: OrderSerializer},
        parameters=[IDEMPOTENCY_KEY, LOCATION, ETAG, REPLAYED_HEADER],
    )
    def post(self, request: Request) -> HttpResponse:
        """Place an order: its stock is reserved before it exists."""
        body = PlaceOrderSerializer.parse(request.data)

        placed = services.place_order(
            owner=caller_of(request).subject, idempotency_key=idempotency_key(request), **body
        )

        order = placed.order
        shown = OrderSerializer.show(order.as_placed())
        headers = {"Location": f"{request.path}{order.pk}/", "ETag": state_of(shown).tag}
        if placed.replayed:
            headers[REPLAYED] = "true"
        return answer(shown, status=201, headers=headers)


class OrderView(ResourceView):
    required_scopes = {"GET": (*USE, READ), "PATCH": USE}
    conditional_methods = ("GET", "PATCH")
    problems = {
        "PATCH": [
            "invalid-transition",
            "insufficient-stock",
            "quantity-too-large",
            "product-not-found",
            "price-changed",
            "order-busy",
            "order-not-changed",
            "outcome-unknown",
            "too-many-requests",
            "overloaded",
        ]
    }

    @extend_schema(
        operation_id="get_order",
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        responses={200: OrderSerializer, 304: None},
    )
    def get(self, request: Request, order_id: int) -> HttpResponse:
        """Read one order."""
        order = Order.seen_by(owner_of(request), order_id)
        return answer_read(request, OrderSerializer.show(order))

    @extend_schema(
        operation_id="change_order",
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        request=ChangeOrderSerializer,
        responses=OrderSerializer,
    )
    def patch(self, request: Request, order_id: int) -> HttpResponse:
        """Change an order's quantity, its status, or both at once."""
        body = ChangeOrderSerializer.parse(request.data)
        is_for_staff = body.get("status", Status.CANCELED) != Status.CANCELED
        if is_for_staff and not caller_of(request).has_scope(MANAGE):
            raise PermissionDenied(f"The owner of an order may cancel it; another status needs {MANAGE}.")

        order = services.change_order(
            order_id=order_id,
            owner=owner_of(request),
            cause=by_user(caller_of(request).subject),
            is_as_read=condition_of_change(request, OrderSerializer.show),
            **body,
        )

        shown = OrderSerializer.show(order)
        return answer(shown, headers={"ETag": state_of(shown).tag})
