"""Stock in the admin: adjusting it, the ledger of adjustments, and the reservations."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import BigAutoField, Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from inventory import services
from inventory.errors import InventoryError
from inventory.forms import StockAdjustmentForm
from inventory.models import Reservation, StockAdjustment
from inventory.protocol import STORED_OUTCOMES
from products.errors import ProductNotFound
from service_kit.admin.clerks import subject_of
from service_kit.admin.lists import ReadOnlyAdmin
from service_kit.auth.claims import CLERK_PREFIX
from service_kit.database.clock import NOW
from service_kit.rest.fields import is_plain_integer

if TYPE_CHECKING:
    from django.forms import ModelForm


class LogEntryFilter(admin.SimpleListFilter):
    """
    Finds the rows that name a clerk and lack the entry that this admin writes into its log after each adjustment.

    Until tokens with such a subject were refused, one could put a clerk's name here. A process that dies between the
    two writes leaves such a row, too.
    """

    title = "clerk's log entry"
    parameter_name = "log_entry"
    slack = timedelta(minutes=1)  # between the row and its entry

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "missing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockAdjustment]) -> QuerySet[StockAdjustment]:
        if self.value() != "missing":
            return queryset
        entries = LogEntry.objects.annotate(subject=Concat(Value(CLERK_PREFIX), F("user__username"))).filter(
            subject=OuterRef("subject"),
            object_id=Cast(OuterRef("product_id"), TextField()),
            action_time__gte=OuterRef("created_at") - self.slack,
            action_time__lte=OuterRef("created_at") + self.slack,
        )
        return queryset.filter(~Exists(entries), subject__startswith=CLERK_PREFIX)


@admin.register(StockAdjustment)
class StockAdjustmentAdmin(ReadOnlyAdmin):
    """The ledger. Its rows never change; the page that adds one is the page that adjusts stock."""

    form = StockAdjustmentForm
    list_display = ["created_at", "product", "delta", "reason", "subject"]
    list_filter = [LogEntryFilter]
    list_select_related = ["product"]
    sortable_by = ["created_at"]
    search_fields = ["subject"]
    search_help_text = "A product's id, or who did it."
    ordering = ["-id"]
    autocomplete_fields = ["product"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inventory.add_stockadjustment")

    def get_fields(self, request: HttpRequest, obj: StockAdjustment | None = None) -> Any:
        if obj is None:
            return ["product", "delta", "reason", "idempotency_key"]
        return ["product", "delta", "reason", "subject", "created_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StockAdjustment], search_term: str
    ) -> tuple[QuerySet[StockAdjustment], bool]:
        product_id = _as_id(search_term)
        found = queryset.filter(subject=search_term) if product_id is None else queryset.filter(product=product_id)
        return found if search_term else queryset, False

    # ---- adjusting ----

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        product_id = _as_id(request.GET.get("product", ""))
        return {} if product_id is None else {"product": str(product_id)}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Adjust stock by the service that the API calls. Its refusals are shown in the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        make_form = self.get_form(request, None, change=False)
        if request.method != "POST":
            return self._show(request, make_form(initial=self.get_changeform_initial_data(request)))
        form = make_form(request.POST)
        if not form.is_valid():
            if "product" in form.errors:  # its widget would look it up, whatever it is
                form.data = request.POST.copy()
                form.data["product"] = ""
            return self._show(request, form)
        values = form.cleaned_data
        try:
            adjustment, is_repeat = services.adjust_stock(
                product_id=values["product"].pk,
                delta=values["delta"],
                reason=values["reason"],
                subject=subject_of(request.user),  # type: ignore[arg-type] # has_add_permission lets nobody anonymous pass
                idempotency_key=values["idempotency_key"],
            )
        except (InventoryError, ProductNotFound) as refusal:
            form.add_error(None, str(refusal))
            return self._show(request, form)
        return self._confirm(request, adjustment, is_repeat=is_repeat)

    def _show(self, request: HttpRequest, form: "ModelForm[StockAdjustment]") -> HttpResponse:
        fieldsets: Any = self.get_fieldsets(request)
        page = helpers.AdminForm(form, fieldsets, {}, [], model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": "Adjust stock",
            "adminform": page,
            "original": None,
            "is_popup": False,
            "media": self.media + page.media,
            "inline_admin_formsets": [],
            "errors": helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return self.render_change_form(request, context, add=True)

    def _confirm(self, request: HttpRequest, adjustment: StockAdjustment, *, is_repeat: bool) -> HttpResponse:
        product = adjustment.product
        if is_repeat:
            self.message_user(request, "This adjustment was made already; it was not made again.", messages.WARNING)
        else:
            entry = self.log_change(request, product, f"Adjusted stock by {adjustment.delta:+d}: {adjustment.reason}")
            # LogEntryFilter compares it with the row's time, so both are by the database's clock.
            LogEntry.objects.filter(pk=entry.pk).update(action_time=NOW)
            self.message_user(request, f"{product}: {adjustment.delta:+d}, {product.stock_quantity} in stock now.")
        if request.user.has_perm("products.view_product") or request.user.has_perm("products.change_product"):
            return HttpResponseRedirect(reverse("admin:products_product_change", args=[product.pk]))
        return HttpResponseRedirect(reverse("admin:index"))


class OutcomeFilter(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(outcome.value, outcome.value) for outcome in STORED_OUTCOMES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> QuerySet[Reservation]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """Reservations. Only order_service changes them."""

    list_display = ["id", "product_id", "product_name", "quantity", "unit_price", "outcome"]
    list_filter = [OutcomeFilter]
    sortable_by = ["id"]
    search_fields = ["id"]
    search_help_text = "A reservation's id, or a product's."
    ordering = ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Reservation], search_term: str
    ) -> tuple[QuerySet[Reservation], bool]:
        if not search_term:
            return queryset, False
        product_id = _as_id(search_term)
        if product_id is not None:
            return queryset.filter(product_id=product_id), False
        try:
            return queryset.filter(pk=UUID(search_term)), False
        except ValueError:
            return queryset.none(), False


def _as_id(text: str) -> int | None:
    """Read the id of a product; None if the text is no id."""
    return int(text) if is_plain_integer(text) and 0 < int(text) <= BigAutoField.MAX_BIGINT else None
