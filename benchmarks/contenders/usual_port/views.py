"""Everything that can be done with products and orders; to place one takes two calls of the products' service."""

import httpx
from django.conf import settings
from django.urls import include, path
from rest_framework.exceptions import NotFound
from rest_framework.routers import DefaultRouter
from rest_framework.serializers import BaseSerializer, ModelSerializer
from rest_framework.viewsets import ModelViewSet

from contenders.monolith.models import Product
from contenders.monolith.services import InsufficientStock
from contenders.usual_port.models import PortedOrder


class ProductSerializer(ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = "__all__"


class OrderSerializer(ModelSerializer[PortedOrder]):
    class Meta:
        model = PortedOrder
        fields = "__all__"


class ProductViewSet(ModelViewSet[Product]):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer


class OrderViewSet(ModelViewSet[PortedOrder]):
    queryset = PortedOrder.objects.all()
    serializer_class = OrderSerializer

    def perform_create(self, serializer: BaseSerializer[PortedOrder]) -> None:
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


router = DefaultRouter()
router.register("products", ProductViewSet)
router.register("orders", OrderViewSet)
urlpatterns = [path("api/v1/", include(router.urls))]
