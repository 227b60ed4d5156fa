"""Orders in the admin: read from their rows, changed by the service that the API calls."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from orders import services
from orders.errors import OrdersError
from orders.events import by_clerk
from orders.models import Order
from orders.querysets import OrderQuerySet
from orders.states import TRANSITIONS, Status
from service_kit.admin.lists import ReadOnlyAdmin
from service_kit.rest.fields import is_plain_integer
from service_kit.rest.ids import LARGEST_ID

LARGEST_SELECTION = 100  # orders that one action changes: the action ends within one request
PROTOCOL = ("reservation_id", "revision", "synced_revision", "target_quantity", "next_sync_at", "attempts")
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
    save_on_top = True  # the buttons that change the status are there
    fieldsets = [
        (None, {"fields": ["owner", "status", "quantity", "created_at", "updated_at"]}),
        ("Sold as", {"fields": ["product_id", "product_name", "unit_price", "total_price", "placed_quantity"]}),
        ("With product_service", {"fields": PROTOCOL}),
    ]

    def get_queryset(self, request: HttpRequest) -> OrderQuerySet:
        """Return what the API shows to the staff: live orders only."""
        return Order.objects.live()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        if not search_term:
            return queryset, False
        matching = Q(owner=search_term)
        if is_plain_integer(search_term) and int(search_term) <= LARGEST_ID:
            matching |= Q(pk=int(search_term)) | Q(product_id=int(search_term))
        return queryset.filter(matching), False

    # ---- actions on the list ----

    def has_change_status_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_order")

    @admin.action(description="Ship", permissions=["change_status"])
    def ship(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._change_all(request, queryset, Status.SHIPPED)

    @admin.action(description="Deliver", permissions=["change_status"])
    def deliver(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._change_all(request, queryset, Status.DELIVERED)

    @admin.action(description="Cancel", permissions=["change_status"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._change_all(request, queryset, Status.CANCELED)

    def _change_all(self, request: HttpRequest, queryset: QuerySet[Order], goal: Status) -> None:
        orders = list(queryset[: LARGEST_SELECTION + 1])
        if len(orders) > LARGEST_SELECTION:
            refusal = f"At most {LARGEST_SELECTION} orders can be changed at once; none was changed."
            self.message_user(request, refusal, messages.ERROR)
            return
        changed = [self._change(request, order, goal) for order in orders]
        if any(changed):
            self.message_user(request, f"{sum(changed)} of {len(orders)} selected: {goal}.", messages.SUCCESS)

    def _change(self, request: HttpRequest, order: Order, goal: Status) -> bool:
        """Change the status of one order, or show why that was refused. Return whether the order has the status now."""
        try:
            services.change_order(
                order_id=order.pk, owner=None, status=goal, cause=by_clerk(request.user.get_username())
            )
        except OrdersError as refusal:
            self.message_user(request, f"Order {order.pk}: {refusal}", messages.ERROR)
            return False
        if order.state != goal:
            self.log_change(request, order, f"Changed status to {goal}.")
        return True

    # ---- buttons on the page of one order ----

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, *args, **kwargs)
        pressed = [goal for goal in VERBS if f"_{goal}" in request.POST]
        if len(pressed) != 1 or not self.has_change_status_permission(request):
            raise PermissionDenied
        (goal,) = pressed
        order = self.get_object(request, unquote(object_id))
        if order is not None and self._change(request, order, goal):
            self.message_user(request, f"Order {order.pk}: {goal}.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        order: Order = context["original"]  # nobody may add orders, so there is one
        may_change = self.has_change_status_permission(request)
        context["moves"] = [
            (verb, goal) for goal, verb in VERBS.items() if may_change and goal in TRANSITIONS[order.state]
        ]
        return super().render_change_form(request, context, *args, **kwargs)
