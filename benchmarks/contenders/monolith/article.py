"""
The order service of the article: it reads the other service's tables with ORM queries, because HTTP would be slow.

Its literal way: get the product, filter by its name, create the order, on default settings. It never takes stock.
"""

from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contenders.monolith.models import Order, Product
from contenders.monolith.serializers import OrderSerializer, PlaceOrderSerializer


class OrderListView(APIView):
    def post(self, request: Request) -> Response:
        body = PlaceOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)

        product = get_object_or_404(Product, id=body.validated_data["product_id"])
        named = Product.objects.filter(name=product.name)
        order = Order.objects.create(
            product=named[0],
            product_name=product.name,
            unit_price=product.price,
            quantity=body.validated_data["quantity"],
        )

        return Response(OrderSerializer(order).data, status=201)


urlpatterns = [path("api/v1/orders/", OrderListView.as_view())]
