"""Products over HTTP."""

from collections.abc import Callable

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from catalogue import services
from catalogue.filters import ProductFilter
from catalogue.serializers import NEW_PRICE, PRODUCT, ProductInputSerializer, ProductSerializer
from products.errors import ProductNotFound
from products.models import Product, ProductQuerySet
from service_kit.auth.authentication import caller_of
from service_kit.auth.permissions import ANYONE
from service_kit.contract.parameters import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, REPLAYED_HEADER
from service_kit.rest.idempotency import REPLAYED, idempotency_key
from service_kit.rest.preconditions import answer_read, condition_of_change, state_of
from service_kit.rest.responses import answer
from service_kit.rest.views import ListView, ResourceView

EDIT_CATALOGUE = "catalog:write"

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="The new product.")


def sees_all(request: Request) -> bool:
    """Whether the caller may see products that are out of sale: that needs the scope that edits the catalogue."""
    return caller_of(request).has_scope(EDIT_CATALOGUE)


def as_read(request: Request) -> Callable[[Product], bool] | None:
    """Return what decides whether a product is as the request's conditions want it; None if it sets none."""
    return condition_of_change(request, ProductSerializer.show)


class ProductListView(ListView[Product]):
    required_scopes = {"GET": ANYONE, "POST": EDIT_CATALOGUE}
    problems = {"POST": ["external-reference-taken", "value-taken", "idempotency-key-reused"]}
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    ordering_fields = ("name", "price", "created_at")
    default_ordering = "name"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.all() if sees_all(self.request) else Product.objects.active()

    @extend_schema(operation_id="list_products", responses=ProductSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List products, by default in order of name."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))

        return self.get_paginated_response(ProductSerializer.show_all(page))

    @extend_schema(
        operation_id="create_product",
        request=ProductInputSerializer,
        responses={201: ProductSerializer},
        parameters=[IDEMPOTENCY_KEY, REPLAYED_HEADER, ETAG, LOCATION],
    )
    def post(self, request: Request) -> HttpResponse:
        """Create a product."""
        key = idempotency_key(request)
        body = ProductInputSerializer.parse(request.data)

        product, is_replay = services.create_product_once(
            subject=caller_of(request).subject, idempotency_key=key, **body
        )

        shown = ProductSerializer.show(product)
        headers = {"Location": f"{request.path}{product.pk}/", "ETag": state_of(shown).tag}
        if is_replay:
            headers[REPLAYED] = "true"
        return answer(shown, status=201, headers=headers)


class ProductView(ResourceView):
    required_scopes = {"GET": ANYONE, "PATCH": EDIT_CATALOGUE, "DELETE": EDIT_CATALOGUE}
    problems = {"PATCH": ["insufficient-stock", "external-reference-taken", "value-taken"]}
    conditional_methods = ("GET", "PATCH", "DELETE")

    @extend_schema(
        operation_id="get_product",
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        responses={200: ProductSerializer, 304: None},
    )
    def get(self, request: Request, product_id: int) -> HttpResponse:
        """Read a product. One out of sale is found only with the scope `catalog:write`."""
        product = Product.objects.one(product_id)
        if not (product.is_active or sees_all(request)):
            raise ProductNotFound(product_id)

        return answer_read(request, ProductSerializer.show(product))

    @extend_schema(
        operation_id="edit_product",
        request=ProductInputSerializer,
        responses=ProductSerializer,
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        examples=[NEW_PRICE, PRODUCT],
    )
    def patch(self, request: Request, product_id: int) -> HttpResponse:
        """Change some fields. `stock_quantity` is recorded as a stock adjustment, by the difference."""
        body = ProductInputSerializer.parse(request.data, partial=True)

        product = services.edit_product(
            product_id=product_id, subject=caller_of(request).subject, changes=body, is_as_read=as_read(request)
        )

        shown = ProductSerializer.show(product)
        return answer(shown, headers={"ETag": state_of(shown).tag})

    @extend_schema(operation_id="deactivate_product", responses={204: None}, parameters=[IF_MATCH, IF_NONE_MATCH])
    def delete(self, request: Request, product_id: int) -> HttpResponse:
        """Withdraw a product from sale. Orders keep their units; setting `is_active` brings it back."""
        services.deactivate_product(
            product_id=product_id, subject=caller_of(request).subject, is_as_read=as_read(request)
        )

        return HttpResponse(status=204)
