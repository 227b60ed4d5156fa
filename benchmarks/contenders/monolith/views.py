"""HTTP in, one service call, HTTP out; products by DRF's generic views."""

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.generics import ListAPIView, RetrieveUpdateAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contenders.monolith.models import Product
from contenders.monolith.serializers import OrderSerializer, PlaceOrderSerializer, ProductSerializer


class OrderListView(APIView):
    place_order = staticmethod(import_string(settings.PLACE_ORDER))

    def post(self, request: Request) -> Response:
        body = PlaceOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)

        order = self.place_order(**body.validated_data)

        return Response(OrderSerializer(order).data, status=201)


class ProductPages(CursorPagination):
    """DRF's quickest pages: without a count of all rows."""

    ordering = "name"
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class ProductListView(ListAPIView[Product]):
    queryset = Product.objects.filter(is_active=True)
    serializer_class = ProductSerializer
    pagination_class = ProductPages


class ProductView(RetrieveUpdateAPIView[Product]):
    queryset = Product.objects.filter(is_active=True)
    serializer_class = ProductSerializer
