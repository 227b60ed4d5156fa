"""Everything that can be done with orders; to place one takes two calls of the products' service."""

import httpx
from django.conf import settings
from rest_framework.exceptions import APIException, NotFound
from rest_framework.serializers import BaseSerializer, ModelSerializer
from rest_framework.viewsets import ModelViewSet

from contenders.usual_port.orders.models import Order


class InsufficientStock(APIException):
    status_code = 409
    default_detail = "There are fewer units."


class OrderSerializer(ModelSerializer[Order]):
    class Meta:
        model = Order
        fields = "__all__"


class OrderViewSet(ModelViewSet[Order]):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer

    def perform_create(self, serializer: BaseSerializer[Order]) -> None:
        """
        Read the product, write its stock, save the order.

        :raises NotFound: if no such product is sold.
        :raises InsufficientStock: if there are fewer units.
        """
        wanted = serializer.validated_data
        address = f"{settings.PRODUCTS_URL}/api/v1/products/{wanted['product_id']}/"
        found = httpx.get(address)
        if found.status_code == httpx.codes.NOT_FOUND:
            raise NotFound
        product = found.raise_for_status().json()
        left = product["stock_quantity"] - wanted["quantity"]
        if left < 0:
            raise InsufficientStock
        httpx.patch(address, json={"stock_quantity": left}).raise_for_status()
        serializer.save(product_name=product["name"], unit_price=product["price"])
