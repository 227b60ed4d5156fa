"""Orders for the clerk: looked at by rows, moved by the service that the API calls."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from orders import services
from orders.errors import OrdersError
from orders.models import Order
from orders.querysets import OrderQuerySet
from orders.states import LARGEST_PRODUCT_ID, MOVES, Status
from service_kit.admin.read_only import ReadOnlyAdmin
from service_kit.rest.fields import is_plain_integer

LARGEST_SELECTION = 100  # orders that one action moves: what a clerk can look through, and ends within a request
VERBS = {Status.SHIPPED: "Ship", Status.DELIVERED: "Deliver", Status.CANCELED: "Cancel"}


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "product_name", "quantity", "total_price", "status", "created_at"]
    list_filter = ["status", "created_at"]
    sortable_by = ["created_at"]
    search_fields = ["owner"]
    search_help_text = "An order's id, a product's id, or an owner."
    ordering = ["-created_at"]
    actions = ["ship", "deliver", "cancel"]
    save_on_top = True  # where the buttons are that move an order
    fieldsets = [
        (None, {"fields": ["owner", "status", "quantity", "created_at", "updated_at"]}),
        ("As it was sold", {"fields": ["product_id", "product_name", "unit_price", "total_price", "placed_quantity"]}),
        (
            "With product_service",
            {
                "fields": [
                    "reservation_id",
                    "revision",
                    "synced_revision",
                    "target_quantity",
                    "next_sync_at",
                    "attempts",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> OrderQuerySet:
        """What the API shows to the staff: what is being placed, or failed, is no order."""
        return Order.objects.live()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        if not search_term:
            return queryset, False
        wanted = Q(owner=search_term)
        if is_plain_integer(search_term) and int(search_term) <= LARGEST_PRODUCT_ID:
            wanted |= Q(pk=int(search_term)) | Q(product_id=int(search_term))
        return queryset.filter(wanted), False

    # ---- moving orders ----

    def has_move_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_order")

    @admin.action(description="Ship", permissions=["move"])
    def ship(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._move_all(request, queryset, Status.SHIPPED)

    @admin.action(description="Deliver", permissions=["move"])
    def deliver(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._move_all(request, queryset, Status.DELIVERED)

    @admin.action(description="Cancel", permissions=["move"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._move_all(request, queryset, Status.CANCELED)

    def _move_all(self, request: HttpRequest, queryset: QuerySet[Order], goal: Status) -> None:
        orders = list(queryset[: LARGEST_SELECTION + 1])
        if len(orders) > LARGEST_SELECTION:
            refusal = f"At most {LARGEST_SELECTION} orders can be moved at once; none was."
            self.message_user(request, refusal, messages.ERROR)
            return
        moved = [self._move(request, order, goal) for order in orders]
        if any(moved):
            self.message_user(request, f"{sum(moved)} of {len(orders)} selected: {goal}.", messages.SUCCESS)

    def _move(self, request: HttpRequest, order: Order, goal: Status) -> bool:
        """Move one order. What the service refuses is said on the next page. Return whether it is there now."""
        try:
            services.change_order(order_id=order.pk, owner=None, status=goal)
        except OrdersError as refusal:
            self.message_user(request, f"Order {order.pk}: {refusal}", messages.ERROR)
            return False
        if order.state != goal:
            self.log_change(request, order, f"Changed status to {goal}.")
        return True

    # ---- the page of one order, whose buttons move it ----

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        pressed = [goal for goal in VERBS if f"_{goal}" in request.POST]
        if len(pressed) != 1 or not self.has_move_permission(request):
            raise PermissionDenied
        (goal,) = pressed
        order = self.get_object(request, unquote(object_id))
        if order is not None and self._move(request, order, goal):
            self.message_user(request, f"Order {order.pk}: {goal}.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        order: Order = context["original"]  # there is no page without one
        may_move = self.has_move_permission(request)
        context["moves"] = [(verb, goal) for goal, verb in VERBS.items() if may_move and goal in MOVES[order.state]]
        return super().render_change_form(request, context, *args, **kwargs)
