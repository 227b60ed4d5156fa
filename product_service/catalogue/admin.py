"""Products in the admin: written by the services that the API calls, never by the model."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import BigAutoField, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from catalogue import services
from catalogue.forms import EDITABLE, EditProductForm, NewProductForm, fingerprint
from inventory.models import Reservation
from products.errors import ProductsError
from products.models import Product, ProductQuerySet
from service_kit.admin.clerks import subject_of
from service_kit.admin.lists import CarefulLists
from service_kit.rest.fields import is_plain_integer

if TYPE_CHECKING:
    from django.forms import ModelForm


class ForSaleFilter(admin.BooleanFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "availability"  # Django writes "By" before it

    def choices(self, changelist: Any) -> Iterator[Any]:
        named = {"Yes": "For sale", "No": "Withdrawn"}
        for choice in super().choices(changelist):
            yield {**choice, "display": named.get(str(choice["display"]), choice["display"])}


class StockFilter(admin.SimpleListFilter):
    title = "stock"
    parameter_name = "in_stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In stock"), ("no", "Sold out")]

    def queryset(self, request: HttpRequest, queryset: ProductQuerySet) -> ProductQuerySet:  # type: ignore[override]
        return queryset if self.value() is None else queryset.in_stock(self.value() == "yes")


@admin.register(Product)
class ProductAdmin(CarefulLists, admin.ModelAdmin):  # type: ignore[type-arg] # at run time, Django's takes no parameter
    list_display = ["name", "id", "price", "stock_quantity", "for_sale", "updated_at"]
    list_filter = [("is_active", ForSaleFilter), StockFilter]
    sortable_by = ["name", "id", "price"]
    search_fields = ["name"]
    search_help_text = "A part of the name, an id, or an external reference."
    ordering = ["name"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions = None

    @admin.display(description="For sale", boolean=True)
    def for_sale(self, product: Product) -> bool:
        return product.is_active

    @admin.display(description="Units reserved")
    def reserved(self, product: Product) -> int:
        return Reservation.objects.filter(product_id=product.pk).aggregate(units=Sum("quantity"))["units"] or 0

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        """A product is withdrawn from sale and never deleted: references to it stay valid."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        term = search_term.strip()
        matches = Q(name__icontains=term) | Q(external_reference=term)
        if is_plain_integer(term) and int(term) <= BigAutoField.MAX_BIGINT:
            matches |= Q(pk=int(term))
        return queryset.filter(matches) if term else queryset, False

    # ---- one product ----

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": [*EDITABLE, "stock_quantity"]})]
        seen = ["seen"] if self.has_change_permission(request, obj) else []
        read_only = ["stock_quantity", "reserved", "created_at", "updated_at"]
        return [(None, {"fields": [*EDITABLE, *seen]}), ("Kept by the services", {"fields": read_only})]

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> list[str]:
        return ["stock_quantity", "reserved", "created_at", "updated_at"] if obj else []

    def get_form(self, request: HttpRequest, obj: Product | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().get_form(
            request, obj, change=change, **{"form": EditProductForm if obj else NewProductForm, **kwargs}
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call Django's view without its transaction: the services' own are durable and cannot be nested."""
        try:
            answer: HttpResponse = self._changeform_view(request, *args, **kwargs)  # type: ignore[attr-defined] # Django's, below the one with the transaction
        except ProductsError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return answer

    def save_model(self, request: HttpRequest, obj: Product, form: "ModelForm[Product]", change: Any) -> None:
        values = {field: form.cleaned_data[field] for field in EDITABLE}
        subject = subject_of(request.user)  # type: ignore[arg-type] # the admin lets nobody anonymous as far as this
        if change:
            services.edit_product(
                product_id=obj.pk,
                subject=subject,
                changes=values,
                is_as_read=lambda product: fingerprint(product) == form.cleaned_data["seen"],
            )
        else:
            units = form.cleaned_data["stock_quantity"]
            obj.pk = services.create_product(subject=subject, stock_quantity=units, **values).pk
